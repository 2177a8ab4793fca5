import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { seededRandom } from "@agentflow/core";
import { type TemporaryPlace, temporaryPlace } from "../../store-place.ts";
import { checkRuns, type FinishedRuns, referencePictures } from "./check-runs.ts";
import { killChain } from "./kill-chain.ts";

const root = mkdtempSync(join(tmpdir(), "agentflow-check-"));
after(() => rmSync(root, { recursive: true }));

const place = await temporaryPlace("sqlite", root);
const { runs } = await killChain({
  place: { store: place.store, url: place.url },
  folder: root,
  series: "run",
  durability: "normal",
  kills: 0,
  random: seededRandom("seed", "check"),
});
const references = await referencePictures(root);

/** What breaks when something is planted in a copy of runs that were not harmed. */
async function brokenBy(
  plant: (copy: TemporaryPlace, folder: string) => unknown,
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-check-"));
  try {
    cpSync(root, folder, { recursive: true });
    const copy = await temporaryPlace("sqlite", folder);
    await plant(copy, folder);
    const finished: FinishedRuns = { place: copy, folder, series: "run", runs, references };
    const { violations } = await checkRuns(finished);
    return violations.map(({ promise }) => promise);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("runs that nobody harmed break no promise", async () => {
  assert.deepEqual(await brokenBy(() => undefined), []);
});

test("a step that is committed twice is found", async () => {
  const broken = await brokenBy(({ rows }) =>
    rows(`INSERT INTO af_steps SELECT rid, scope, superstep, ordinal + 100, seq, epoch, event, node, item, origin,
      edge, attempt, opens, started_at, duration_ms, delta, detail, seal FROM af_steps WHERE rid = 1 AND superstep = 1`),
  );
  assert.ok(broken.includes("no step is committed twice"), broken.join("\n"));
});

test("an acknowledged step that is gone is found", async () => {
  const broken = await brokenBy(({ rows }) => rows("DELETE FROM af_steps WHERE rid = 1 AND superstep = 1"));
  assert.ok(broken.includes("nothing that was acknowledged is lost"), broken.join("\n"));
});

test("an acknowledged step whose outcome has changed is found", async () => {
  const broken = await brokenBy(({ rows }) =>
    rows(`UPDATE af_steps SET delta = '{"tags":["seen"]}' WHERE rid = 1 AND superstep = 1`),
  );
  assert.ok(broken.includes("nothing that was acknowledged is lost"), broken.join("\n"));
  assert.ok(broken.includes("sequence as run-0: ends like the undisturbed run"), broken.join("\n"));
  assert.ok(broken.includes("sequence as run-0: replays strictly"), broken.join("\n"));
});

test("an effect that happened twice, or not at all, is found", async () => {
  const doubled = await brokenBy(({ rows }) =>
    rows("INSERT INTO ledger SELECT salt, entry FROM ledger LIMIT 1"),
  );
  assert.deepEqual(doubled, ["an effect of ctx.tx happens once"]);
  const lost = await brokenBy(({ rows }) => rows("DELETE FROM ledger WHERE rowid = 1"));
  assert.deepEqual(lost, ["an effect of ctx.tx happens once"]);
});

test("a call that came again after its result was durable is found", async () => {
  const broken = await brokenBy((_copy, folder) =>
    appendFileSync(join(folder, "outside.jsonl"), '{"runId":"run-1","problem":"came again"}\n'),
  );
  assert.deepEqual(broken, ["what is durable does not happen again"]);
});
