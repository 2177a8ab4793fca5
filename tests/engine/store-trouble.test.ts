import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeHost, FaultyStore } from "@agentflow/contracts";
import { StoreUnavailableError, sum, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openSqlite } from "@agentflow/store";

async function openFile(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-trouble-"));
  const backend = await openSqlite({ path: join(folder, "agentflow.db") });
  context.after(async () => {
    await backend.runs.close();
    rmSync(folder, { recursive: true });
  });
  return backend;
}

/** A step that writes in the store, and says what it saw of that. */
function writing(statement: string) {
  return workflow("writing", { version: "1", state: { attempts: sum(), caught: sum() } })
    .start("write", async (_state, ctx) => {
      try {
        await ctx.tx("write", null, async (sql) => (await sql.run(statement)).changes);
      } catch {
        return { caught: 1 };
      }
      return { attempts: ctx.attempt };
    })
    .end("write");
}

test("a store that fails a transaction stops the run, is no failure of its step, and the run goes on", async (context) => {
  const file = await openFile(context);
  const backend = new FaultyStore(file, [{ method: "transact", call: 1, kind: "fail" }]);
  const graph = writing("CREATE TABLE mine (n INTEGER)");
  await using engine = new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
  const run = await engine.start(graph, {}, { id: "run" });
  await assert.rejects(run.result(), StoreUnavailableError);
  assert.equal((await file.runs.readHead("default", "run"))?.status, "running");
  assert.deepEqual(await (await engine.resume("run", graph)).result(), { attempts: 1, caught: 0 });
});

test("a statement that the store refuses is the step's own affair", async (context) => {
  const backend = await openFile(context);
  await using engine = new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
  const run = await engine.start(writing("INSERT INTO nowhere VALUES (1)"), {});
  assert.deepEqual(await run.result(), { attempts: 0, caught: 1 });
});
