import { append, nested, value, workflow } from "agentflow";

/** How far a task has got: what its pages said. */
const reading = { pages: value<readonly string[]>([]), notes: append<string>() };

const read = workflow("read", { version: "1", state: reading })
  .start("open", () => ({}))
  .map("page", { after: "open", over: ({ pages }) => pages, concurrency: 2 }, async (page, ctx) => {
    const text = await ctx.io("fetch", page, async (name, { span }) => {
      span.toolCall({ tool: "fetch" });
      return `what ${name} says`;
    });
    return { notes: [text] };
  })
  .end("page");

/** A workflow in which something of everything happens: calls, retries, a nested workflow, work that has to wait. */
export const digest = workflow("digest", {
  version: "1",
  state: { topic: value<string>(), notes: append<string>(), digest: value("") },
})
  .start("plan", () => ({}))
  .node(
    "read",
    { after: "plan" },
    nested(read, {
      input: ({ topic }) => ({ pages: [1, 2, 3, 4].map((number) => `${topic}/${number}`) }),
      output: ({ notes }) => ({ notes: [...notes] }),
    }),
  )
  .node(
    "write",
    { after: "read" },
    async ({ notes }, ctx) => {
      const digest = await ctx.io("summarise", [...notes], async (given, { span }) => {
        // Some calls fail, as calls do: the attempt is made again.
        if (ctx.attempt === 1 && ctx.rng.next() < 0.3) throw new Error("The summariser is overloaded.");
        span.toolCall({ tool: "summarise" });
        return given[0] ?? "";
      });
      return { digest };
    },
    { retry: { attemptsMax: 3, backoffMs: 50 } },
  )
  .end("write");
