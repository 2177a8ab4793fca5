import { append, interrupt, nested, value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const ok = interrupt<string, boolean>("ok");

const asking = workflow("asking", { version: "1", state: { who: value<string>(), said: append<string>() } })
  .start("open", ({ who }) => ({ said: [`open ${who}`] }))
  .node("ask", { after: "open" }, async ({ who }, ctx) => ({ said: [String(await ctx.interrupt(ok, who))] }))
  .end("ask");

const first = workflow("letters", { version: "1", state: { name: value<string>(), lines: append<string>() } })
  .start("greet", async ({ name }, ctx) => {
    await ctx.safeWrite("greeting.txt", "hello");
    return { lines: [`Hello ${name}`] };
  })
  .node("note", { after: "greet" }, ({ name }) => ({ lines: [`noted ${name}`] }))
  .node(
    "ask",
    { after: "greet" },
    nested(asking, {
      input: ({ name }: { readonly name: string }) => ({ who: name }),
      output: ({ said }) => ({ lines: [...said] }),
    }),
  )
  .node("shut", { after: ["note", "ask"] }, () => ({}))
  .end("shut");

/** The state became one of another version while a step was staged and a nested workflow under way. */
export const recorded = workflow("letters", {
  version: "2",
  state: { person: value<{ full: string }>(), lines: append<string>(), from: value("") },
  migrate: ({ name, lines }, { version }) => ({
    person: { full: name ?? null },
    lines: lines ?? [],
    from: version,
  }),
})
  .start("greet", () => ({}))
  .node("note", { after: "greet" }, () => ({}))
  .node(
    "ask",
    { after: "greet" },
    nested(asking, {
      input: ({ person }: { readonly person: { full: string } }) => ({ who: person.full }),
      output: ({ said }) => ({ lines: [...said] }),
    }),
  )
  .node("shut", { after: ["note", "ask"] }, async ({ person }, ctx) => {
    const { reason } = await ctx.safeWrite("greeting.txt", "hello");
    return { lines: [`${person.full} ${reason}`] };
  })
  .end("shut");

export const earlier = [first];

export const story: Story = async (stage) => {
  await (await stage.start(first, { name: "Ada" })).settled();
  await stage.engine.answer(stage.runId, "1.ask/1.ask#ok[0]", true);
  await (await stage.goOn(recorded)).settled();
};
