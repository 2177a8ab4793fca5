import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openSqlite } from "@agentflow/store";

const loop = workflow("loop", { version: "1", state: { count: value(0) } })
  .start("increment", ({ count }) => ({ count: count + 1 }))
  .route("increment", { to: ["increment"] }, ({ count }) => (count < 20 ? "increment" : []))
  .end("increment");

test("at batched a run starts and ends without waiting for company", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-batched-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "agentflow.db");
  const backend = await openSqlite({ path, durability: { batchedMs: 60_000 } });
  // No heartbeat flushes what has gathered: this clock stands still.
  const engine = new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
  const run = await engine.start(loop, {});
  assert.equal((await run.result()).count, 20);
  await engine.close();
  await backend.runs.close();
});
