import assert from "node:assert/strict";
import { test } from "node:test";
import { append, type InboxRow, interrupt, type StoreBackend, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

const ask = interrupt<string, string>("ask");

/** What another process sends: it writes into the store and tells this one nothing. */
async function send(other: StoreBackend, runId: string, parts: Partial<InboxRow>): Promise<void> {
  const row = { kind: "pause", key: "", value: "null", by: "somebody", at: 0, ...parts } as const;
  const { id: _id, ...rest } = row as InboxRow;
  await other.inbox.put({ tenant: "default", runId, row: rest });
}

for (const name of embeddedStores) {
  for (const kind of ["pause", "cancel"] as const) {
    test(`${name}: a ${kind} from another process stops a run at its next commit (S21)`, async (context) => {
      const [mine, other] = await openProcesses(context, name, 2);
      await using held = openEngine({ backend: mine });
      const executed: string[] = [];
      const flow = workflow("flow", { version: "1", state: { said: append<string>() } })
        .start("first", async (_state, ctx) => {
          executed.push("first");
          await ctx.io("send", null, () => send(other as StoreBackend, ctx.runId, { kind }));
        })
        .node("second", { after: "first" }, async (_state, ctx) => {
          executed.push("second");
          await ctx.io(
            "long",
            null,
            () => new Promise<void>((resolve) => ctx.signal.addEventListener("abort", () => resolve())),
          );
        })
        .end("second");
      const run = await held.engine.start(flow, {});
      const { status } = await run.settled();
      assert.equal(status, kind === "pause" ? "paused" : "cancelled");
      assert.deepEqual(executed, ["first", "second"]);
    });
  }

  test(`${name}: an answer and an event from another process reach their steps with the next commit of another (S21)`, async (context) => {
    const [mine, other] = await openProcesses(context, name, 2);
    await using held = openEngine({ backend: mine });
    const flow = workflow("flow", { version: "1", state: { said: append<string>() } })
      .start("open", () => ({}))
      .node("asks", { after: "open" }, async (_state, ctx) => ({ said: [await ctx.interrupt(ask, "?")] }))
      .node("waits", { after: "open" }, async (_state, ctx) => ({
        said: [await ctx.waitFor<string>("news")],
      }))
      .node("works", { after: "open" }, async (_state, ctx) => {
        await turns();
        await send(other as StoreBackend, ctx.runId, {
          kind: "answer",
          key: "1.asks#ask[0]",
          value: '"yes"',
        });
        await send(other as StoreBackend, ctx.runId, { kind: "event", key: "news", value: '"new"' });
        await ctx.io("one", null, () => 1);
        await ctx.io("hold", null, () => turns(60));
        return { said: ["worked"] };
      })
      .node("shut", { after: ["asks", "waits", "works"] }, () => ({}))
      .end("shut");
    const run = await held.engine.start(flow, {});
    const { said } = await run.result();
    assert.deepEqual(said, ["yes", "new", "worked"]);
    const events = [];
    for await (const event of held.engine.events(run.runId, { follow: false })) events.push(event);
    const order = events.flatMap(({ type, step }) => (type === "step.succeeded" ? [step] : []));
    assert.deepEqual(order.slice(1, 4).sort(), ["1.asks", "1.waits", "1.works"]);
    assert.equal(order[3], "1.works", "what came in was taken before the step that works ended");
  });
}
