import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { RunNotFoundError, StoreCorruptError, StoreUnavailableError } from "@agentflow/core";
import { openSqlite } from "./open-sqlite.ts";
import { StoreThread, threadFile } from "./store-thread-client.ts";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-thread-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const settings = { synchronous: "FULL", checkpointPages: 0 } as const;

test("the death of the store thread is a typed error for every call, waiting or later", async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, "dying.mjs");
  const dying =
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3));';
  writeFileSync(file, dying);
  const threadUrl = pathToFileURL(file);
  const backend = await openSqlite({ path: join(folder, "agentflow.db"), durability: "strict", threadUrl });
  const commits = [backend.runs.commit([startCommit()]), backend.runs.commit([stepCommit(2)])];
  for (const commit of commits) await assert.rejects(async () => commit, StoreUnavailableError);
  await assert.rejects(async () => backend.runs.commit([startCommit()]), StoreUnavailableError);
  await assert.rejects(backend.owners.beat("owner-1"), StoreUnavailableError);
  assert.equal(await backend.runs.readHead("default", "run-1"), undefined);
  await backend.runs.close();
});

test("a thread whose code throws is a typed error with the cause", async (context) => {
  const file = join(temporaryFolder(context), "throwing.mjs");
  writeFileSync(file, 'throw new Error("no such luck");');
  const thread = new StoreThread({ ...settings, path: "unused.db" }, pathToFileURL(file));
  await assert.rejects(
    thread.call("beat", "owner-1"),
    (error) => error instanceof StoreUnavailableError && String(error.cause).includes("no such luck"),
  );
});

test("errors keep their class on the way out of the thread", async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, "agentflow.db");
  const backend = await openSqlite({ path, durability: "strict" });
  const row = { kind: "cancel", key: "", value: "null", by: undefined, at: 0 } as const;
  await assert.rejects(
    backend.inbox.put({ tenant: "default", runId: "missing", row }),
    (error) => error instanceof RunNotFoundError && error.code === "AF_RUN_NOT_FOUND",
  );
  await backend.runs.close();
  const other = join(folder, "other.db");
  writeFileSync(other, "no database ".repeat(100));
  const thread = new StoreThread({ ...settings, path: other }, threadFile());
  await assert.rejects(
    thread.call("beat", "owner-1"),
    (error) => error instanceof StoreUnavailableError && String(error.cause).includes(StoreCorruptError.name),
  );
});

test("what was given before closing is written, and the thread ends", async (context) => {
  const path = join(temporaryFolder(context), "agentflow.db");
  const backend = await openSqlite({ path, durability: { batchedMs: 60_000 } });
  const commits = [backend.runs.commit([startCommit()]), backend.runs.commit([stepCommit(2)])];
  await backend.runs.close();
  for (const commit of commits) assert.deepEqual(await commit, [{ kind: "committed" }]);
  const again = await openSqlite({ path });
  assert.equal((await again.runs.readHead("default", "run-1"))?.seq, 2);
  await again.runs.close();
});
