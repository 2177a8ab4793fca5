import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
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

const settings = { synchronous: "FULL", doubt: new SharedArrayBuffer(8) } as const;

test("the death of the store thread is a typed error for every call, waiting or later", async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, "dying.mjs");
  const dying =
    'import { workerData } from "node:worker_threads"; workerData.port.on("message", () => process.exit(3));';
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

test("an answer that comes in time is there at once, a later one comes as a promise", async (context) => {
  const file = join(temporaryFolder(context), "holding.mjs");
  // Holds back the answer to the second request until the third one is there.
  writeFileSync(
    file,
    `import { receiveMessageOnPort, workerData } from "node:worker_threads";
    const { port, posted } = workerData;
    const answer = (id) => {
      port.postMessage({ id, ok: true, value: undefined, tookMs: id });
      Atomics.add(posted, 1, 1);
      Atomics.notify(posted, 1);
    };
    for (;;) {
      const seen = Atomics.load(posted, 0);
      const request = receiveMessageOnPort(port)?.message;
      if (request === undefined) Atomics.wait(posted, 0, seen);
      else if (request.id === 3) [2, 3].forEach(answer);
      else if (request.id !== 2) answer(request.id);
    }`,
  );
  const thread = new StoreThread({ ...settings, path: "unused.db" }, pathToFileURL(file));
  const longMs = 60_000;
  assert.deepEqual(thread.commit([startCommit()], longMs), [{ kind: "committed" }]);
  assert.equal(thread.commitMs, 1);
  const late = thread.commit([stepCommit(2)], 1);
  assert.ok(late instanceof Promise);
  const two = [{ kind: "committed" }, { kind: "committed" }];
  assert.deepEqual(thread.commit([stepCommit(3), stepCommit(4)], longMs), two);
  assert.equal(thread.commitMs, 3);
  assert.deepEqual(await late, [{ kind: "committed" }]);
  await thread.close();
});

test("a process ends by itself although its store thread sleeps", async (context) => {
  const path = join(temporaryFolder(context), "agentflow.db");
  const script = join(import.meta.dirname, "leave-open.fixture.ts");
  const child = spawn(process.execPath, ["--no-warnings", script, path], { stdio: "inherit" });
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
