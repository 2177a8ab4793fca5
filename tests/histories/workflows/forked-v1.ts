import { append, nested, value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const brewing = workflow("brewing", { version: "1", state: { kind: value<string>(), degrees: value(100) } })
  .start("boil", async (_state, ctx) => ({ degrees: await ctx.io("boil", null, async () => 95) }))
  .node("steep", { after: "boil" }, ({ degrees }) => ({ degrees: degrees - 10 }))
  .end("steep");

const page = "leaf ".repeat(1_000);

/** Forked inside a nested workflow, and that fork at a fan-out of the root, each with a patched state. */
export const recorded = workflow("tea", {
  version: "1",
  state: { kinds: value(["green", "black"]), said: append<string>(), page: value("") },
})
  .start("open", async (_state, ctx) => {
    await ctx.safeWrite("order.txt", "tea");
    return { page: await ctx.io("read", null, async () => page) };
  })
  .map(
    "brew",
    { after: "open", over: ({ kinds }) => kinds },
    nested(brewing, {
      input: (kind: string) => ({ kind }),
      output: ({ kind, degrees }) => ({ said: [`${kind} ${degrees}`] }),
    }),
  )
  .map("pour", { after: "brew", over: ({ said }) => said }, (cup, ctx) => ({
    said: [`poured ${cup} ${ctx.rng.integer(1, 9)}`],
  }))
  .node("shut", { after: "pour" }, ({ said, page: read }) => ({ said: [`${said.length} ${read.length}`] }))
  .end("shut");

export const story: Story = async ({ engine, runId }) => {
  await (await engine.start(recorded, {}, { id: "source", seed: "seed" })).settled();
  const inside = { at: "1.brew[1]/1.steep", patch: { degrees: 60 }, id: "inside", workflow: recorded };
  await (await engine.fork("source", inside)).settled();
  const said = ["one", "two", "three"];
  const root = { at: "2.pour[0]", patch: { said }, id: runId, workflow: recorded };
  await (await engine.fork("inside", root)).settled();
};
