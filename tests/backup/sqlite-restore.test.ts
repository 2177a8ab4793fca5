import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { StoreCorruptError, StoreFullError, StoreNotEmptyError } from "@agentflow/core";
import {
  backupStore,
  checkBackup,
  createEngine,
  openBackend,
  restoreStore,
  value,
  workflow,
} from "agentflow";
import { sampleRun, startCommit, storeSampleRun } from "../../packages/contracts/src/index.ts";
import { temporaryFolder } from "../cli/spawn-af.ts";

const greet = workflow("greet", { version: "1", state: { name: value<string>() } })
  .start("greet", () => ({}))
  .end("greet");

interface Prepared {
  readonly folder: string;
  readonly path: string;
  readonly store: string;
  readonly backup: string;
}

async function prepared(context: TestContext): Promise<Prepared> {
  const folder = temporaryFolder(context);
  const path = join(folder, "store.db");
  const place = { folder, path, store: `sqlite:${path}`, backup: join(folder, "backup") };
  const backend = await openBackend(place);
  for (let n = 0; n < 3; n++) {
    const target = { tenant: "default", runId: `run-${n}`, status: "running" } as const;
    await storeSampleRun(backend.runs, sampleRun({ content: n, order: n }), target);
  }
  await backend.runs.close();
  await backupStore(place, { directory: place.backup });
  return place;
}

async function runsIn(store: string): Promise<readonly string[]> {
  const backend = await openBackend({ store });
  const heads = await backend.runs.listRuns({ tenant: "default", limit: 100 });
  await backend.runs.close();
  return heads.map(({ runId }) => runId).sort();
}

const held = ["run-0", "run-1", "run-2"];

test("who has the file open sees all that it held before, then all that was restored", async (context) => {
  const { store, backup } = await prepared(context);
  const reader = await openBackend({ store });
  await reader.runs.commit([startCommit({ runId: "after" })]);
  const seen = new Set<string>();
  let isOver = false;
  const reading = (async () => {
    while (!isOver) {
      const heads = await reader.runs.listRuns({ tenant: "default", limit: 100 });
      seen.add(
        heads
          .map(({ runId }) => runId)
          .sort()
          .join(),
      );
      await setImmediate();
    }
  })();
  await restoreStore({ store }, { directory: backup, force: true });
  await setImmediate();
  isOver = true;
  await reading;
  const [before, after] = [[...held, "after"].sort().join(), held.join()];
  for (const state of seen) assert.ok(state === before || state === after, state);
  assert.deepEqual((await reader.runs.listRuns({ tenant: "default", limit: 100 })).length, 3);
  await reader.runs.close();
});

test("the calling thread goes on while a store is copied and put back", async (context) => {
  const { store, backup } = await prepared(context);
  const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
    let [turns, isOver] = [0, false];
    const over = work.then(() => {
      isOver = true;
    });
    for (; !isOver; turns++) await setImmediate();
    await over;
    return turns;
  };
  assert.ok((await turnsDuring(backupStore({ store }, { directory: `${backup}-2` }))) > 100);
  assert.ok((await turnsDuring(restoreStore({ store }, { directory: backup, force: true }))) > 100);
});

test("a file with pages of another size is replaced all the same", async (context) => {
  const { folder, backup } = await prepared(context);
  const path = join(folder, "other.db");
  const db = new DatabaseSync(path);
  db.exec(
    "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; CREATE TABLE mine (x); INSERT INTO mine VALUES (1)",
  );
  const store = `sqlite:${path}`;
  await assert.rejects(restoreStore({ store }, { directory: backup }), StoreNotEmptyError);
  await restoreStore({ store }, { directory: backup, force: true });
  assert.equal(db.prepare("SELECT count(*) AS runs FROM af_runs").get()?.["runs"], 3);
  db.close();
  assert.deepEqual(await runsIn(store), held);
});

test("a file that is damaged is kept aside, and is no reason to give up", async (context) => {
  const { folder, path, store, backup } = await prepared(context);
  for (const damage of [
    () => writeFileSync(path, "this was a database"),
    () => writeFileSync(path, readFileSync(path).fill(0xff, 100, 4_000)),
  ]) {
    damage();
    const bytes = readFileSync(path);
    await assert.rejects(
      restoreStore({ store }, { directory: backup }),
      (error) => error instanceof StoreNotEmptyError && /--force/.test(error.hint),
    );
    assert.deepEqual(readFileSync(path), bytes);
    await restoreStore({ store }, { directory: backup, force: true });
    assert.deepEqual(await runsIn(store), held);
  }
  const aside = readdirSync(folder).filter((name) => /\.damaged-[^.]*Z$/.test(name));
  assert.equal(aside.length, 2, aside.join());
});

test("a damaged store is not backed up as if it were whole, also where no row is counted", async (context) => {
  const { path, store, backup } = await prepared(context);
  const backend = await openBackend({ store });
  await backend.runs.commit([startCommit({ runId: "large", input: JSON.stringify("x".repeat(50_000)) })]);
  await backend.runs.close();
  const db = new DatabaseSync(path);
  const pageBytes = Number(db.prepare("PRAGMA page_size").get()?.["page_size"]);
  db.close();
  const bytes = readFileSync(path);
  // A page in the middle of the long value; it begins with the number of the page that goes on.
  const page = Math.ceil((bytes.indexOf("x".repeat(1_000)) + 1) / pageBytes) * pageBytes;
  writeFileSync(path, bytes.fill(0xff, page, page + 4));
  await assert.rejects(backupStore({ store }, { directory: `${backup}-2` }), StoreCorruptError);
  assert.equal(existsSync(`${backup}-2`), false);
});

test("what a killed process left in the log is in the backup", async (context) => {
  const { store, backup } = await prepared(context);
  const script = `
    const { createEngine } = await import("agentflow");
    const { startCommit } = await import("@agentflow/contracts");
    const { openBackend } = await import("@agentflow/runtime");
    const backend = await openBackend({ store: ${JSON.stringify(store)} });
    await backend.runs.commit([startCommit({ runId: "killed" })]);
    process.kill(process.pid, "SIGKILL");`;
  const ended = spawnSync(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
    cwd: join(import.meta.dirname, "../.."),
    encoding: "utf8",
  });
  assert.equal(ended.signal, "SIGKILL", ended.stderr);
  const { manifest } = await backupStore({ store }, { directory: `${backup}-2` });
  assert.equal(manifest.tables["af_runs"], 4);
});

/** A small file system of its own, or undefined, loudly, where mounting is not allowed. */
function mountedFolder(context: TestContext, size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  context.after(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (mounted.status === 0) return folder;
  context.skip("mounting a tmpfs is not allowed here");
  return undefined;
}

test("a full disk is a typed error: no half backup is left, and a store is as it was", async (context) => {
  const { store, backup } = await prepared(context);
  const full = mountedFolder(context, "4m");
  if (full === undefined) return;
  const small = `sqlite:${join(full, "small.db")}`;
  {
    await using engine = await createEngine({ store: small });
    await (await engine.start(greet, { name: "Ada" }, { id: "small" })).result();
  }
  const { bavail, bsize } = statfsSync(full);
  writeFileSync(join(full, "filler"), Buffer.alloc(bavail * bsize - 100_000));
  // SQLite's own files beside a database come and go with who has it open.
  const left = () => readdirSync(full).filter((name) => !/-(wal|shm)$/.test(name));
  const before = left();
  await assert.rejects(backupStore({ store }, { directory: join(full, "backup") }), StoreFullError);
  assert.deepEqual(left(), before);
  await assert.rejects(restoreStore({ store: small }, { directory: backup, force: true }), StoreFullError);
  assert.deepEqual(left(), before);
  assert.deepEqual(await runsIn(small), ["small"]);
  await checkBackup(backup);
});
