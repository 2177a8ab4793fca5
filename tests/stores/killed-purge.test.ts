import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { append, workflow } from "@agentflow/core";
import { createEngine, openBackend, withRetention } from "@agentflow/runtime";
import { KillableProcess } from "../crash/real/killable-process.ts";
import { service } from "../services.ts";
import { type StoreName, storeNames, type TemporaryPlace, temporaryPlace } from "../store-place.ts";

/** What the purging process is told. */
export interface PurgeSettings {
  readonly url: string;
  readonly keep: number;
}

const program = join(import.meta.dirname, "purging-process.fixture.ts");
const tenant = "default";
const runCount = 40;
const keep = 10;
const kills = 4;

const listing = workflow("listing", { version: "1", state: { list: append<string>() } })
  .start("ask", async (_state, ctx) => ({ list: [await ctx.io("ask", 1, () => "x".repeat(5_000))] }))
  .node("tell", { after: "ask" }, () => ({ list: ["told"] }))
  .end("tell");

async function makeRuns(url: string): Promise<void> {
  await using engine = await createEngine({ store: url }, withRetention({ background: false }));
  const runs = await Promise.all(Array.from({ length: runCount }, () => engine.start(listing, {})));
  for (const run of runs) await run.result();
}

/** Every run that is still listed is whole; returns how many there are. */
async function wholeRuns(url: string): Promise<number> {
  const { runs } = await openBackend({ store: url });
  try {
    const heads = await runs.listRuns({ tenant, limit: 99 });
    for (const { runId, events } of heads) {
      const records = await runs.readRecords({ tenant, runId, afterEvent: 0, limit: 99 });
      const steps = records.filter(({ kind }) => kind === "step").length;
      assert.equal(steps, 2, `${runId} has ${steps} steps, and ${events} events`);
    }
    return heads.length;
  } finally {
    await runs.close();
  }
}

async function rowsLeft({ rows }: TemporaryPlace): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const table of ["af_runs", "af_steps", "af_blobs"]) {
    const [row] = await rows(`SELECT count(*) AS found FROM ${table}`);
    counted[table] = Number(row?.["found"]);
  }
  return counted;
}

const servers: Readonly<Record<StoreName, "postgres" | "mariadb" | undefined>> = {
  sqlite: undefined,
  postgres: "postgres",
  mysql: "mariadb",
};

for (const store of storeNames) {
  const server = servers[store];
  test(
    `a process that is killed while it removes runs leaves each whole or gone (${store})`,
    server === undefined ? {} : await service(server),
    async (context) => {
      const folder = mkdtempSync(join(tmpdir(), "agentflow-purged-"));
      const place = await temporaryPlace(store, folder);
      context.after(async () => {
        await place.drop();
        rmSync(folder, { recursive: true });
      });
      await makeRuns(place.url);
      const whole = await rowsLeft(place);
      const settings: PurgeSettings = { url: place.url, keep };
      let before = runCount;
      let interrupted = 0;
      for (let kill = 0; kill < kills; kill++) {
        const purging = new KillableProcess(program, settings);
        await purging.said("begun");
        await wait(1 + kill * 7);
        await purging.kill();
        const left = await wholeRuns(place.url);
        assert.ok(left <= before && left >= keep, `${left} of ${before} runs are left`);
        if (left > keep) interrupted += 1;
        before = left;
      }
      assert.ok(interrupted > 0, "no process was killed in the middle");
      const last = new KillableProcess(program, settings);
      await last.said("done");
      await last.ended;
      assert.equal(await wholeRuns(place.url), keep);
      assert.deepEqual(
        await rowsLeft(place),
        Object.fromEntries(Object.entries(whole).map(([table, rows]) => [table, (rows * keep) / runCount])),
      );
    },
  );
}
