import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { append, type StoreBackend, sum, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openMemory, openSqlite } from "@agentflow/store";

const runCount = 1_000;

async function openFile(context: TestContext): Promise<StoreBackend> {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-many-"));
  const backend = await openSqlite({ path: join(folder, "agentflow.db") });
  context.after(async () => {
    await backend.runs.close();
    rmSync(folder, { recursive: true });
  });
  return backend;
}

for (const [name, open] of [
  ["memory", async () => openMemory()],
  ["SQLite", openFile],
] as const) {
  test(`of ${runCount} runs at once no step is committed twice and no call is made twice (${name})`, async (context) => {
    const backend = await open(context);
    const calls = new Map<string, number>();
    const small = workflow("small", { version: "1", state: { seen: append<string>(), count: sum() } })
      .start("open", () => ({ count: 1 }))
      .map("each", { after: "open", over: () => ["a", "b"] }, async (item, ctx) => {
        const heard = await ctx.io("ask", item, async (input, { idempotencyKey }) => {
          calls.set(idempotencyKey, (calls.get(idempotencyKey) ?? 0) + 1);
          return input;
        });
        return { seen: [heard], count: 1 };
      })
      .node("shut", { after: "each" }, () => ({ count: 1 }))
      .end("shut");
    const engine = await createEngine({ store: backend });
    const states = await Promise.all(
      Array.from({ length: runCount }, async (_each, number) => {
        const run = await engine.start(small, {}, { runId: `run-${number}` });
        return run.result();
      }),
    );
    await engine.close();
    for (const state of states) assert.deepEqual(state, { seen: ["a", "b"], count: 4 });
    assert.equal(calls.size, 2 * runCount);
    assert.ok([...calls.values()].every((count) => count === 1));
    for (let number = 0; number < runCount; number++) {
      const request = { tenant: "default", runId: `run-${number}`, afterEvent: 0, limit: 1_000 };
      const records = await backend.runs.readRecords(request);
      const steps = records.flatMap(({ kind, row }) =>
        kind === "step" ? [`${row.superstep}/${row.ordinal} ${row.node}`] : [],
      );
      assert.deepEqual(steps.sort(), ["0/0 open", "1/0 each", "1/1 each", "2/0 shut"]);
    }
  });
}
