import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { nextCommit, sampleMark, sampleStep, startCommit, stepCommit } from "@agentflow/contracts";
import { InvariantError } from "@agentflow/core";
import { openSqlite } from "./open-sqlite.ts";

function temporaryPath(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-writer-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "agentflow.db");
}

/** A connection that notes the first words of every statement it runs. */
function recording(path: string, ran: string[]): DatabaseSync {
  const db = new DatabaseSync(path);
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    const statement = prepare(sql);
    const run = statement.run.bind(statement);
    const noting = (...values: SQLInputValue[]) => {
      ran.push(sql.split(" ").slice(0, 3).join(" "));
      return run(...values);
    };
    return Object.assign(statement, { run: noting });
  };
  return db;
}

test("a sequential step is four statements: begin, fence, insert, commit", async (context) => {
  const ran: string[] = [];
  const path = temporaryPath(context);
  const backend = await openSqlite({ path, openDatabase: (file) => recording(file, ran) });
  await backend.runs.commit([startCommit()]);
  ran.length = 0;
  await backend.runs.commit([stepCommit(2)]);
  assert.deepEqual(ran, ["BEGIN IMMEDIATE", "UPDATE af_runs SET", "INSERT INTO af_steps", "COMMIT"]);
  ran.length = 0;
  await backend.runs.commit([stepCommit(3), stepCommit(4)]);
  assert.equal(ran.length, 6);
  await backend.runs.close();
});

test("a run whose first commit was undone leaves no trace for the next", async (context) => {
  const backend = await openSqlite({ path: temporaryPath(context) });
  const twice = { ...startCommit({ runId: "undone" }), marks: [sampleMark(), sampleMark()] };
  const [undone] = await backend.runs.commit([twice]);
  assert.notEqual(undone?.kind, "committed");
  await backend.runs.commit([startCommit({ runId: "next" })]);
  assert.equal(await backend.runs.readHead("default", "undone"), undefined);
  assert.equal((await backend.runs.readHead("default", "next"))?.runId, "next");
  assert.equal(await backend.runs.readDefinition("default", "f".repeat(64)), '{"name":"research"}');
  await backend.runs.close();
});

test("a member that the database refuses does not take the others with it", async (context) => {
  const backend = await openSqlite({ path: temporaryPath(context) });
  await backend.runs.commit([startCommit(), startCommit({ runId: "run-2" })]);
  const broken = nextCommit(2, { steps: [sampleStep({ delta: Symbol("no text") as unknown as string })] });
  const results = await backend.runs.commit([broken, stepCommit(2, { runId: "run-2" })]);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ["failed", "committed"],
  );
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
  await backend.runs.close();
});

test("a commit that does not follow its own fence is a bug, not a result", async (context) => {
  const backend = await openSqlite({ path: temporaryPath(context) });
  await backend.runs.commit([startCommit()]);
  const wrong = { ...stepCommit(2), expectedSeq: 7 };
  assert.throws(() => backend.runs.commit([wrong]), InvariantError);
  assert.throws(() => backend.runs.commit([stepCommit(2), wrong]), InvariantError);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
  await backend.runs.close();
});

test("runs beyond those that a connection remembers are still found", async (context) => {
  const backend = await openSqlite({ path: temporaryPath(context) });
  const ids = Array.from({ length: 10_500 }, (_, index) => `run-${index}`);
  await backend.runs.commit(ids.map((runId) => startCommit({ runId })));
  for (const runId of ["run-0", "run-4999", "run-5000", "run-10499"]) {
    assert.deepEqual(await backend.runs.commit([stepCommit(2, { runId })]), [{ kind: "committed" }]);
    assert.equal((await backend.runs.readHead("default", runId))?.seq, 2);
  }
  await backend.runs.close();
});
