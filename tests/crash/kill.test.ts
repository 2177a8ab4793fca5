import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { runDirectoryName, type StoreBackend, seededRandom } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openMemory, openSqlite } from "@agentflow/store";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { tellStory } from "./process/crash-story.ts";
import { pictureOf, type RunPicture, storedEvents } from "./process/run-picture.ts";
import { caseOf, runIdOf } from "./real/corpus-runs.ts";
import { killChain } from "./real/kill-chain.ts";
import { readOutside } from "./real/outside-file.ts";

const program = join(import.meta.dirname, "real/corpus-process.fixture.ts");
const tenant = "default";

const levels = [
  { durability: "normal", chains: 2, kills: 104 },
  { durability: "batched", chains: 1, kills: 40 },
] as const;

for (const { durability, chains, kills } of levels) {
  test(`processes that are killed ${chains * kills} times change nothing (${durability})`, async (context) => {
    const seed = process.env["AF_TEST_SEED"] ?? String(Date.now());
    context.diagnostic(`AF_TEST_SEED=${seed}`);
    const root = mkdtempSync(join(tmpdir(), "agentflow-kill-"));
    context.after(() => rmSync(root, { recursive: true }));
    const references = await referencePictures(root);
    const results = await Promise.all(
      Array.from({ length: chains }, async (_each, chain) => {
        const folder = join(root, `chain-${chain}`);
        mkdirSync(folder);
        const random = seededRandom(seed, `chain ${chain}`);
        const runs = await killChain({ program, folder, durability, kills, lifeMaxMs: 200, random });
        return checkChain(folder, runs, references);
      }),
    );
    for (const { runs, recoveries } of results) {
      context.diagnostic(`${runs} runs, taken over ${recoveries} times`);
      assert.ok(recoveries >= kills / 2, "kills hit runs at work");
    }
  });
}

/** The pictures of uninterrupted runs, by case; on SQLite, as some need its transactions. */
async function referencePictures(root: string): Promise<ReadonlyMap<string, RunPicture>> {
  const sqlite = await openSqlite({ path: join(root, "reference.db") });
  const pictures = new Map<string, RunPicture>();
  for (const makeCase of corpus) {
    const { name, needsTransactions } = describeCase(makeCase);
    const backend = needsTransactions === true ? sqlite : openMemory();
    pictures.set(name, (await tellStory(makeCase, backend, name)).picture);
  }
  await sqlite.runs.close();
  return pictures;
}

async function checkChain(
  folder: string,
  runs: number,
  references: ReadonlyMap<string, RunPicture>,
): Promise<{ readonly runs: number; readonly recoveries: number }> {
  const backend = await openSqlite({ path: join(folder, "agentflow.db") });
  const engine = await createEngine({ store: backend, artifactsDirectory: join(folder, "artifacts") });
  let recoveries = 0;
  for (let number = 0; number < runs; number++) {
    const runId = runIdOf(number);
    const place = { backend, tenant, runId };
    const { name, workflow, mended, readsClock } = describeCase(caseOf(number));
    const picture = await pictureOf(place);
    if (readsClock === true) assert.equal(picture.status, "succeeded");
    else assert.deepEqual(picture, references.get(name), `${name} as ${runId}`);
    await engine.replay(runId, mended ?? workflow, { strict: true });
    recoveries += await checkEvents(folder, place);
  }
  checkOutside(folder);
  checkLedger(folder, runs);
  await engine.close();
  await backend.runs.close();
  return { runs, recoveries };
}

/** The run directory has each event of the store once, in order; returns how often the run was taken over. */
async function checkEvents(
  folder: string,
  place: { readonly backend: StoreBackend; readonly tenant: string; readonly runId: string },
): Promise<number> {
  const path = join(folder, "runs", runDirectoryName(place.runId), "events.jsonl");
  const stored = await storedEvents(place);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    JSON.parse(JSON.stringify(stored)),
    `events of ${place.runId}`,
  );
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    stored.map((_event, index) => index + 1),
  );
  return stored.filter(({ type }) => type === "run.recovered").length;
}

/** No committed step ran again, and no call was repeated whose result was durable. */
function checkOutside(folder: string): void {
  const lines = readOutside(join(folder, "outside.jsonl"));
  assert.deepEqual(
    lines.filter((line) => "problem" in line),
    [],
  );
  assert.ok(lines.length > 0);
}

/** Every row that a run wrote in its transactions is there once (S26). */
function checkLedger(folder: string, runs: number): void {
  const db = new DatabaseSync(join(folder, "agentflow.db"), { readOnly: true });
  const rows = db.prepare("SELECT salt, entry, COUNT(*) AS times FROM ledger GROUP BY salt, entry").all();
  db.close();
  const ledgers = Array.from({ length: runs }, (_each, number) => number).filter(
    (number) => describeCase(caseOf(number)).name === "ledger",
  );
  assert.ok(ledgers.length > 0);
  assert.deepEqual(
    rows.map(({ salt, entry, times }) => `${salt} ${entry} ${times}`).sort(),
    ledgers.flatMap((number) => [`${runIdOf(number)} rent 1`, `${runIdOf(number)} wages 1`]).sort(),
  );
}
