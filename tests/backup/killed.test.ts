import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { backupStore, checkBackup, openBackend, restoreStore } from "agentflow";
import { sampleRun, storeSampleRun } from "../../packages/contracts/src/index.ts";
import { temporaryFolder } from "../cli/spawn-af.ts";
import { KillableProcess } from "../crash/real/killable-process.ts";
import { service } from "../services.ts";
import { storeNames, temporaryPlace } from "../store-place.ts";
import type { BackupProcessSettings } from "./backup-process.fixture.ts";
import { seededMoments } from "./seeded-moments.ts";

const services = { sqlite: undefined, postgres: "postgres", mysql: "mariadb" } as const;
const program = join(import.meta.dirname, "backup-process.fixture.ts");
const kills = 6;
const runs = 40;

async function store(url: string, name: string): Promise<void> {
  const backend = await openBackend({ store: url });
  for (let n = 0; n < runs; n++) {
    const target = { tenant: "default", runId: `${name}-${n}`, status: "running" } as const;
    await storeSampleRun(backend.runs, sampleRun({ content: n, order: n }), target);
  }
  await backend.runs.close();
}

/** Which runs a store holds: all of one name, and nothing else. */
async function heldBy(url: string): Promise<string> {
  const backend = await openBackend({ store: url });
  const heads = await backend.runs.listRuns({ tenant: "default", limit: 1_000 });
  const names = new Set(heads.map(({ runId }) => runId.slice(0, runId.indexOf("-"))));
  for (const { runId } of heads.slice(0, 3)) {
    const records = await backend.runs.readRecords({
      tenant: "default",
      runId,
      afterEvent: 0,
      limit: 10_000,
    });
    assert.ok(records.length > 10, `${runId} has its rows`);
  }
  await backend.runs.close();
  assert.deepEqual([heads.length, names.size], [runs, 1], [...names].join());
  return [...names].join();
}

/** Kills a process at a moment of the time that it takes when it is left alone. */
async function killAt(settings: BackupProcessSettings, delayMs: number): Promise<boolean> {
  const child = new KillableProcess(program, settings);
  await child.said("begun");
  await Promise.race([setTimeout(delayMs), child.ended]);
  const isDone = child.lines.includes("done");
  await child.kill();
  return isDone;
}

async function durationOf(settings: BackupProcessSettings): Promise<number> {
  const begun = performance.now();
  const child = new KillableProcess(program, settings);
  await child.said("begun");
  const started = performance.now();
  await child.said("done");
  assert.ok(started > begun);
  return performance.now() - started;
}

for (const kind of storeNames) {
  const name = services[kind];
  const needed = name === undefined ? { skip: false } : await service(name);

  test(
    `a restore on ${kind} that is killed at any moment leaves what was there, or what was to come`,
    needed,
    async (context: TestContext) => {
      const folder = temporaryFolder(context);
      const place = await temporaryPlace(kind, folder);
      context.after(() => place.drop());
      const backups = { old: join(folder, "old"), new: join(folder, "new") };
      for (const [held, directory] of Object.entries(backups)) {
        const source = await temporaryPlace(kind, join(folder, `from-${held}`));
        await store(source.url, held);
        await backupStore({ store: source.url }, { directory });
        await source.drop();
      }
      await restoreStore({ store: place.url }, { directory: backups.old });
      const settings = { action: "restore", store: place.url, directory: backups.new } as const;
      const durationMs = await durationOf(settings);
      const moments = seededMoments(context, kills, durationMs);
      let held = await heldBy(place.url);
      for (const delayMs of moments) {
        const other = held === "old" ? "new" : "old";
        const isDone = await killAt({ ...settings, directory: backups[other] }, delayMs);
        const found = await heldBy(place.url);
        assert.ok(found === other || (found === held && !isDone), `${found} after a kill at ${delayMs} ms`);
        held = found;
      }
      // It also removes what the killed ones left.
      await restoreStore({ store: place.url }, { directory: backups.old, force: true });
      assert.equal(await heldBy(place.url), "old");
      if (kind === "mysql") {
        const left = `${new URL(place.url).pathname.slice(1)}_af_restore`;
        assert.deepEqual(await place.rows(`SHOW DATABASES LIKE '${left}'`), []);
      }
    },
  );

  test(
    `a backup of ${kind} that is killed at any moment has its name only if it is whole`,
    needed,
    async (context: TestContext) => {
      const folder = temporaryFolder(context);
      const place = await temporaryPlace(kind, folder);
      context.after(() => place.drop());
      await store(place.url, "old");
      const settings = { action: "backup", store: place.url } as const;
      const durationMs = await durationOf({ ...settings, directory: join(folder, "whole") });
      for (const [nth, delayMs] of seededMoments(context, kills, durationMs).entries()) {
        const directory = join(folder, `backup-${nth}`);
        const isDone = await killAt({ ...settings, directory }, delayMs);
        if (existsSync(directory)) await checkBackup(directory);
        else assert.equal(isDone, false);
      }
      const left = readdirSync(folder).filter((file) => file.startsWith("backup-"));
      for (const file of left) assert.match(file, /^backup-\d(\.partial-[0-9a-f]{8})?$/);
    },
  );
}
