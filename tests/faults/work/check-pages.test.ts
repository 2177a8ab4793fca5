import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openPlace, rowsIn, type StorePlace } from "../../store-place.ts";
import { checkPagesWork, PagesEngine, type PagesWork } from "./pages-engines.ts";

/** Executes two runs, changes what is stored of them, and gives the promises that the checks find broken. */
async function brokenAfter(
  context: TestContext,
  ...statements: readonly string[]
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-pages-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const place: StorePlace = { store: "sqlite", url: `sqlite:${join(folder, "agentflow.db")}` };
  const work: PagesWork = { place, folder, settings: { turns: 2, store: "sqlite", accounts: 3 } };
  const before = await openPlace(place);
  const engine = await PagesEngine.open("run", before, work);
  for (const { error } of [await engine.run(), await engine.run()]) assert.equal(error, undefined);
  await engine.close();
  await before.runs.close();
  for (const statement of statements) await rowsIn(place, statement);
  const backend = await openPlace(place);
  const broken = new Set<string>();
  await checkPagesWork(work, backend, {
    runIds: engine.runIds,
    violation: (promise) => broken.add(promise),
  });
  await backend.runs.close();
  return [...broken].sort();
}

test("undisturbed runs break no promise", async (context) => {
  assert.deepEqual(await brokenAfter(context), []);
});

test("an effect that happened twice is found, and one that is lost", async (context) => {
  const promise = ["an effect of ctx.tx is there once"];
  assert.deepEqual(await brokenAfter(context, "INSERT INTO entries VALUES ('run-1', 2)"), promise);
  assert.deepEqual(
    await brokenAfter(context, "DELETE FROM entries WHERE run = 'run-0' AND turn = 1"),
    promise,
  );
});

test("a lost update is found", async (context) => {
  const lost = "UPDATE accounts SET cents = cents + 1 WHERE id = 1";
  assert.deepEqual(await brokenAfter(context, lost), ["transactions that meet lose no update"]);
});

test("a step that is lost or changed is found", async (context) => {
  for (const statement of [
    "DELETE FROM af_steps WHERE rid = 1 AND node = 'enter' AND superstep = 3",
    "UPDATE af_steps SET delta = '{}' WHERE rid = 1 AND node = 'count' AND ordinal = 1 AND superstep = 2",
  ])
    assert.ok(
      (await brokenAfter(context, statement)).includes("a disturbed run ends like an undisturbed one"),
    );
});
