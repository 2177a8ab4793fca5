import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startCommit, stepCommit } from "@agentflow/contracts";
import {
  type StoreBackend,
  StoreCorruptError,
  StoreFullError,
  StoreLockedError,
  StoreNewerError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";
import { openSqlite, type SqliteDurability } from "./open-sqlite.ts";
import { threadFile } from "./store-thread-client.ts";

const durabilities: readonly (readonly [string, SqliteDurability])[] = [
  ["normal", "normal"],
  ["strict", "strict"],
  ["batched", { batchedMs: 2 }],
];

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-faults-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function filledStore(path: string, steps: number): Promise<void> {
  const backend = await openSqlite({ path });
  await backend.runs.commit([startCommit()]);
  for (let seq = 2; seq < steps + 2; seq++) await backend.runs.commit([stepCommit(seq)]);
  await backend.runs.close();
}

async function stepsOf(backend: StoreBackend, runId = "run-1"): Promise<number> {
  const scope = await backend.runs.readScope({ tenant: "default", runId, scope: "", from: "start" });
  return scope.steps.length;
}

for (const [what, content] of [
  ["text", "this is no database at all, but long enough to look at\n".repeat(40)],
  ["zeros", "\0".repeat(8_192)],
] as const) {
  test(`a file of ${what} is a typed error and is not overwritten`, async (context) => {
    const path = join(temporaryFolder(context), "agentflow.db");
    writeFileSync(path, content);
    for (const [, durability] of durabilities) {
      await assert.rejects(openSqlite({ path, durability }), StoreCorruptError);
    }
    assert.equal(readFileSync(path, "latin1"), content);
  });
}

test("a truncated or damaged file is a typed error and is not overwritten", async (context) => {
  const path = join(temporaryFolder(context), "agentflow.db");
  await filledStore(path, 400);
  const whole = readFileSync(path);
  truncateSync(path, Math.floor(whole.length / 2));
  const reading = async () => {
    const backend = await openSqlite({ path });
    try {
      await backend.runs.readRecords({ tenant: "default", runId: "run-1", afterEvent: 0, limit: 10_000 });
    } finally {
      await backend.runs.close();
    }
  };
  await assert.rejects(reading(), StoreCorruptError);
  const damaged = Buffer.from(whole);
  damaged.fill(0x5a, 4_096);
  writeFileSync(path, damaged);
  await assert.rejects(reading(), StoreCorruptError);
  assert.deepEqual(readFileSync(path), damaged);
  writeFileSync(path, whole);
  const mended = await openSqlite({ path });
  assert.equal(await stepsOf(mended), 400);
  await mended.runs.close();
});

test("a store of a newer program is refused and left as it is", async (context) => {
  const path = join(temporaryFolder(context), "agentflow.db");
  await filledStore(path, 1);
  const db = new DatabaseSync(path);
  db.exec("UPDATE af_meta SET value = 1000 WHERE key = 'schema'");
  db.close();
  const before = readFileSync(path);
  for (const [, durability] of durabilities)
    await assert.rejects(openSqlite({ path, durability }), StoreNewerError);
  assert.deepEqual(readFileSync(path), before);
});

test("a path that cannot be a file is a typed error", async (context) => {
  const folder = temporaryFolder(context);
  await assert.rejects(openSqlite({ path: folder }), StoreUnavailableError);
  writeFileSync(join(folder, "file"), "");
  await assert.rejects(openSqlite({ path: join(folder, "file", "agentflow.db") }), StoreUnavailableError);
});

for (const [name, durability] of durabilities) {
  test(`a read-only folder is a typed error and loses nothing (${name})`, async (context) => {
    const folder = mountedFolder(context, "16m");
    if (folder === undefined) return;
    const path = join(folder, "store", "agentflow.db");
    await filledStore(path, 3);
    remount(folder, "ro");
    await assert.rejects(openSqlite({ path, durability }), StoreReadOnlyError);
    await assert.rejects(openSqlite({ path: join(folder, "new", "x.db"), durability }), StoreReadOnlyError);
    await assert.rejects(openSqlite({ path: join(folder, "new.db"), durability }), StoreReadOnlyError);
    remount(folder, "rw");
    const backend = await openSqlite({ path, durability });
    assert.equal(await stepsOf(backend), 3);
    await backend.runs.close();
  });

  test(`a full disk is a typed error, loses nothing, and the store goes on after (${name})`, async (context) => {
    const folder = mountedFolder(context, "2m");
    if (folder === undefined) return;
    const path = join(folder, "agentflow.db");
    const backend = await openSqlite({ path, durability });
    await backend.runs.commit([startCommit(), startCommit({ runId: "run-2" })]);
    const seqs = { "run-1": 1, "run-2": 1 };
    const ids = ["run-1", "run-2"] as const;
    const delta = JSON.stringify({ text: "x".repeat(20_000) });
    for (let full = false; !full; ) {
      const members = ids.map((runId) => stepCommit(seqs[runId] + 1, { runId, delta }));
      for (const [index, result] of (await backend.runs.commit(members)).entries()) {
        if (result.kind === "committed") seqs[ids[index] ?? "run-1"] += 1;
        else assert.ok(result.kind === "failed" && result.error instanceof StoreFullError, result.kind);
        full ||= result.kind === "failed";
      }
    }
    assert.ok(seqs["run-1"] > 5);
    for (const runId of ids) {
      assert.equal(await stepsOf(backend, runId), seqs[runId] - 1);
      assert.equal((await backend.runs.readHead("default", runId))?.seq, seqs[runId]);
    }
    remount(folder, "rw,size=32m");
    const [after] = await backend.runs.commit([stepCommit(seqs["run-1"] + 1)]);
    assert.deepEqual(after, { kind: "committed" });
    await backend.runs.close();
    const reopened = await openSqlite({ path, durability });
    assert.equal(await stepsOf(reopened), seqs["run-1"]);
    assert.equal(await stepsOf(reopened, "run-2"), seqs["run-2"] - 1);
    await reopened.runs.close();
  });

  test(`a lock that stays is a typed error, one that goes is waited for (${name})`, async (context) => {
    const path = join(temporaryFolder(context), "agentflow.db");
    const backend = await openSqlite({ path, durability, lockedAfterMs: 100 });
    await backend.runs.commit([startCommit()]);
    const locker = await startLocker(context, path);
    await assert.rejects(async () => backend.runs.commit([stepCommit(2)]), StoreLockedError);
    await assert.rejects(backend.owners.beat("owner-1"), StoreLockedError);
    const transaction = backend.runs.transact(
      async () => null,
      () => stepCommit(2),
    );
    await assert.rejects(transaction, StoreLockedError);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
    await locker.release();
    assert.deepEqual(await backend.runs.commit([stepCommit(2)]), [{ kind: "committed" }]);
    await backend.runs.close();

    const patient = await openSqlite({ path, durability, lockedAfterMs: 60_000 });
    const second = await startLocker(context, path);
    const commits = [patient.runs.commit([stepCommit(3)]), patient.runs.commit([stepCommit(4)])];
    const turned = await new Promise((resolve) => setImmediate(resolve, "the thread is free"));
    assert.equal(turned, "the thread is free");
    await second.release();
    for (const commit of commits) assert.deepEqual(await commit, [{ kind: "committed" }]);
    await patient.runs.close();
  });

  test(`every acknowledged commit of a killed process is there (${name})`, async (context) => {
    const path = join(temporaryFolder(context), "store", "agentflow.db");
    for (let round = 0; round < 3; round++) {
      const runId = `run-${round}`;
      const acknowledged = await killWriter(path, durability, { runId, after: 40 + 17 * round });
      const backend = await openSqlite({ path, durability });
      const head = await backend.runs.readHead("default", runId);
      assert.ok(head !== undefined && head.seq >= acknowledged, `${head?.seq} of ${acknowledged}`);
      assert.equal(await stepsOf(backend, runId), head.seq - 1);
      const records = await backend.runs.readRecords({ tenant: "default", runId, afterEvent: 0, limit: 1e6 });
      assert.deepEqual(
        records.map(({ row }) => row.event),
        Array.from({ length: head.seq }, (_, index) => index + 1),
      );
      await backend.runs.close();
    }
  });
}

test("two processes on one file get along", async (context) => {
  const path = join(temporaryFolder(context), "store", "agentflow.db");
  const writers = ["a", "b"].map((runId) => runWriter(path, "normal", runId, 200));
  for (const { child } of writers) child.stdout.resume();
  assert.deepEqual(await Promise.all(writers.map(({ ended }) => ended)), [0, 0]);
  const backend = await openSqlite({ path });
  for (const runId of ["a", "b"]) assert.equal(await stepsOf(backend, runId), 199);
  await backend.runs.close();
});

/** A small file system of its own, or undefined, loudly, where mounting is not allowed. */
function mountedFolder(context: TestContext, size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    context.skip("mounting a tmpfs is not allowed here");
    return undefined;
  }
  context.after(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

function remount(folder: string, options: string): void {
  const done = spawnSync("mount", ["-o", `remount,${options}`, folder], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

/** A process that holds the write lock until released. */
async function startLocker(context: TestContext, path: string) {
  const script = `
    const { DatabaseSync } = require("node:sqlite");
    const db = new DatabaseSync(${JSON.stringify(path)}, { timeout: 5000 });
    db.exec("BEGIN IMMEDIATE");
    console.log("locked");
    process.stdin.once("end", () => db.exec("ROLLBACK")).resume();
  `;
  const child = spawn(process.execPath, ["--no-warnings", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  context.after(() => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  for await (const line of createInterface({ input: child.stdout })) if (line === "locked") break;
  return {
    async release() {
      child.stdin.end();
      await ended;
    },
  };
}

/** A process that commits a run and prints each acknowledged seq. */
function runWriter(path: string, durability: SqliteDurability, runId: string, commits: number) {
  mkdirSync(dirname(path), { recursive: true });
  const program = join(import.meta.dirname, "commit-forever.fixture.ts");
  const settings = JSON.stringify({ path, durability, runId, commits });
  const child = spawn(process.execPath, ["--no-warnings", program, settings], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, ended };
}

/** Kills a writer after some acknowledgements; returns the last seq that it told of. */
async function killWriter(
  path: string,
  durability: SqliteDurability,
  { runId, after }: { readonly runId: string; readonly after: number },
): Promise<number> {
  const { child, ended } = runWriter(path, durability, runId, Number.MAX_SAFE_INTEGER);
  let last = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last >= after) child.kill("SIGKILL");
  }
  await ended;
  assert.ok(last >= after);
  assert.ok(statSync(path).size > 0);
  return last;
}

test("a store thread that failed is followed by another one", async (context) => {
  const folder = temporaryFolder(context);
  const [file, trouble] = [join(folder, "thread.mjs"), join(folder, "trouble")];
  const lines = [
    'import { existsSync } from "node:fs";',
    `if (existsSync(${JSON.stringify(trouble)})) throw new Error("no such luck");`,
    `await import(${JSON.stringify(threadFile().href)});`,
  ];
  writeFileSync(file, lines.join("\n"));
  writeFileSync(trouble, "");
  const backend = await openSqlite({
    path: join(folder, "agentflow.db"),
    durability: "strict",
    threadUrl: pathToFileURL(file),
  });
  await assert.rejects(async () => backend.runs.commit([startCommit()]), StoreUnavailableError);
  rmSync(trouble);
  assert.deepEqual(await backend.runs.commit([startCommit()]), [{ kind: "committed" }]);
  assert.deepEqual(await backend.runs.commit([stepCommit(2)]), [{ kind: "committed" }]);
  await backend.runs.close();
});
