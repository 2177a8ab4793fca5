import { append, DeadlineExceededError, interrupt, type StandardSchema, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

const upper: StandardSchema<unknown, string> = {
  "~standard": {
    version: 1,
    vendor: "corpus",
    validate: async (value) =>
      typeof value === "string" ? { value: value.toUpperCase() } : { issues: [{ message: "is no text" }] },
  },
};
const decide = interrupt<string, string>("decide", { answer: upper });

function refusals(outside: Outside): CorpusCase {
  const built = workflow("refusals", { version: "1", state: { said: append<string>() } })
    .start("ask", async (_state, ctx) => {
      begin(outside, ctx);
      const said = await ctx.interrupt(decide, "what");
      return { said: [String(await act(outside, ctx, "send", said))] };
    })
    .end("ask");
  const id = "0.ask#decide[0]";
  return {
    name: "refusals",
    workflow: built,
    input: {},
    answers: { [id]: "yes" },
    wrongAnswers: { [id]: 7 },
  };
}

function deadlines(outside: Outside): CorpusCase {
  const built = workflow("deadlines", { version: "1", state: { said: append<string>() } })
    .start("ask", async (_state, ctx) => {
      begin(outside, ctx);
      const nobody = await ctx.interrupt(decide, "nobody", { deadlineMs: 20, default: "default" });
      const [missed, news] = await Promise.all([
        ctx.interrupt(decide, "missed", { deadlineMs: 10 }).catch(codeOf),
        ctx.waitFor<string>("news", { timeoutMs: 10, default: "no news" }),
      ]);
      return { said: [missed, String(await act(outside, ctx, "send", `${nobody} ${news}`))] };
    })
    .end("ask");
  return { name: "deadlines", workflow: built, input: {} };
}

function codeOf(error: unknown): string {
  if (error instanceof DeadlineExceededError) return error.code;
  throw error;
}

/** What people answer wrongly, or not in time. */
export const peopleCases = [refusals, deadlines];
