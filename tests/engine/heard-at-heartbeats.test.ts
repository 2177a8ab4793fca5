import assert from "node:assert/strict";
import { test } from "node:test";
import { interceptBackend } from "@agentflow/contracts";
import { append, type StoreBackend, workflow } from "@agentflow/core";
import type { Run } from "@agentflow/engine";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

const heartbeatMs = 2_000;

/** What another process sends: it writes into the store and tells this one nothing. */
async function ask(other: StoreBackend, runId: string, kind: "pause" | "cancel"): Promise<void> {
  const row = { kind, key: "", value: "null", by: "somebody", at: 0 } as const;
  await other.inbox.put({ tenant: "default", runId, row });
}

/** Commits once, and is then at work for good. */
const busy = workflow("busy", { version: "1", state: { said: append<string>() } })
  .start("first", () => ({ said: ["first"] }))
  .node("work", { after: "first" }, (_state, ctx) =>
    ctx.io("work", null, () => new Promise<never>(() => undefined)),
  )
  .end("work");

for (const name of embeddedStores) {
  for (const kind of ["pause", "cancel"] as const) {
    test(`${name}: a ${kind} from another process stops a run at the next heartbeat, also one that has committed since the last (S21)`, async (context) => {
      const [mine, other] = await openProcesses(context, name, 2);
      await using held = openEngine({ backend: mine });
      // Its start begins the heart.
      await held.engine.start(busy, {}, { id: "earlier" });
      await turns();
      await held.clock.advanceAsync(heartbeatMs / 2);
      const run = await held.engine.start(busy, {}, { id: "run" });
      await turns();
      await ask(other as StoreBackend, "run", kind);
      let status: string | undefined;
      void run.settled().then((outcome) => {
        status = outcome.status;
      });
      await held.clock.advanceAsync(heartbeatMs / 2 - 1);
      await turns();
      assert.equal(status, undefined);
      await held.clock.advanceAsync(1);
      await turns();
      assert.equal(status, kind === "pause" ? "paused" : "cancelled");
    });
  }
}

test("memory: however many runs execute, a heartbeat asks for their news in pages, and reads the inboxes that have any", async (context) => {
  const [mine, other] = await openProcesses(context, "memory", 2);
  const calls: string[] = [];
  const backend = interceptBackend(mine as StoreBackend, (method, work) => {
    calls.push(method);
    return work();
  });
  await using held = openEngine({ backend });
  const runs: Run[] = [];
  for (let index = 0; index < 300; index++)
    runs.push(await held.engine.start(busy, {}, { id: `run-${index}` }));
  await turns();
  await ask(other as StoreBackend, "run-299", "cancel");
  calls.length = 0;
  await held.clock.advanceAsync(heartbeatMs);
  await turns();
  assert.equal((await runs[299]?.settled())?.status, "cancelled");
  assert.deepEqual(
    calls.filter((call) => call === "newest" || call === "read"),
    ["newest", "newest", "read"],
  );
});
