import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DatasetError } from "@agentflow/core";
import fc from "fast-check";
import { checkDataset } from "../check/check-dataset.ts";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import type { Question } from "../plan/question.ts";
import { questions } from "../plan/shop-questions.fixture.ts";
import { DatasetWriter } from "../storage/dataset-writer.ts";
import { findRollups } from "../storage/rollup-manifest.ts";
import { buildRollups } from "./build-rollups.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-rollups-"));

after(() => rmSync(folder, { recursive: true, force: true }));

async function shopIn(name: string): Promise<string> {
  const directory = join(folder, name);
  await writeShop(directory);
  return directory;
}

// Questions of which each names only dimensions of one rollup; every fifth asks for what adds up nowhere.
const answerable = fc
  .tuple(fc.constantFrom(...Object.values(shop.rollups ?? {})), questions, fc.nat(4))
  .map(([{ by: known }, { measures, by = [], where = {} }, odd]): Question<typeof shop> => {
    const kept = measures.filter((name) => name !== "goods" && name !== "most");
    return {
      measures:
        odd === 0 ? [kept.length % 2 === 0 ? "goods" : "most", ...kept] : kept.length > 0 ? kept : ["sales"],
      by: by.filter((name) => known.includes(name)),
      where: Object.fromEntries(Object.entries(where).filter(([name]) => known.includes(name))),
    };
  });

test("an answer from a rollup is the one from the files, and what does not add up is never taken from one (seeded)", async () => {
  const directory = await shopIn("same");
  await buildRollups(shop, directory);
  using dataset = await OpenDataset.open(shop, directory);
  const routed = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(answerable, async (question) => {
      const rolled = await dataset.ask(question);
      const { rollup } = rolled.receipt;
      if (rollup !== undefined) routed.set(rollup, (routed.get(rollup) ?? 0) + 1);
      // How many different goods there are follows from no totals, and neither does a percentile.
      const { measures } = question;
      assert.equal(rollup === undefined, measures.includes("goods") || measures.includes("most"));
      assert.deepEqual(rolled.rows, (await dataset.ask(question, { rollups: false })).rows);
    }),
    { numRuns: 50, seed: 23 },
  );
  assert.deepEqual([...routed.keys()].sort(), ["days", "goods", "months"]);
});

test("the smallest rollup with every dimension is read, also those that are only filtered by, and no file of the fact table", async () => {
  const directory = await shopIn("routed");
  const made = await buildRollups(shop, directory);
  assert.deepEqual(
    made.rollups.map(({ name, rows, columns }) => [name, rows, columns]),
    [
      ["months", 9, ["count(*)", "sum(price)", "sum(pieces)", "min(price)", "max(price)", "count(price)"]],
      ["goods", 4, ["count(*)", "sum(price)", "sum(pieces)", "min(price)", "max(price)", "count(price)"]],
      ["days", 162, ["count(*)", "sum(price)", "sum(pieces)", "min(price)", "max(price)", "count(price)"]],
    ],
  );
  using dataset = await OpenDataset.open(shop, directory);
  const from = (question: Parameters<typeof dataset.plan>[0], options = {}) =>
    dataset.plan(question, options).rollup?.name;
  assert.equal(from({ measures: ["revenue"] }), "goods");
  assert.equal(from({ measures: ["price"], by: ["year"] }), "goods");
  assert.equal(from({ measures: ["cheapest"], by: ["year"], where: { kind: "tea" } }), "months");
  assert.equal(from({ measures: ["sales"], where: { pieces: { from: 3 } } }), "days");
  assert.equal(from({ measures: ["sales"], by: ["good", "kind"] }), undefined);
  assert.equal(from({ measures: ["sales", "goods"], by: ["year"] }), undefined);
  for (const options of [{ rollups: false }, { prune: false }, { format: "csv" }])
    assert.equal(from({ measures: ["revenue"] }, options), undefined);
  const { receipt, rows } = await dataset.ask({ measures: ["sales"], by: ["year"] });
  assert.deepEqual(
    [receipt.rollup, receipt.filesRead, receipt.filesSkipped, receipt.rowsInFiles],
    ["goods", 0, 6, 4],
  );
  assert.deepEqual(rows, [
    { year: 2021, sales: 90 },
    { year: 2022, sales: 90 },
  ]);
});

test("a rollup of another generation is not read: answers are never older than the dataset", async () => {
  const directory = await shopIn("stale");
  await buildRollups(shop, directory);
  using dataset = await OpenDataset.open(shop, directory);
  assert.ok(dataset.rollupsAreCurrent);
  await writeShop(directory, { sale: (query) => `SELECT * REPLACE (price + 1000 AS price) FROM (${query})` });
  // A reader that was open before answers from what it opened until it is told, or until a file is missing.
  assert.equal(await dataset.refresh(), true);
  assert.equal(dataset.rollupsAreCurrent, false);
  const { rows, receipt } = await dataset.ask({ measures: ["cheapest"] });
  assert.ok(Number(rows[0]?.cheapest) > 1_000);
  assert.equal(receipt.rollup, undefined);
  assert.equal((await checkDataset(shop, directory)).passed, true);
  const made = await buildRollups(shop, directory);
  assert.equal(await dataset.refresh(), true);
  assert.equal(await dataset.refresh(), false);
  const again = await dataset.ask({ measures: ["cheapest"] });
  assert.deepEqual([again.rows, again.receipt.rollup], [rows, "goods"]);
  assert.deepEqual(
    (await readdir(join(directory, "rollups"))).sort(),
    made.rollups.map(({ path }) => path.slice("rollups/".length)).sort(),
  );
});

test("rollups that cannot be made, and a writer at work, leave those of before (AF_DATASET_CORRUPT, AF_DATASET_LOCKED)", async () => {
  const directory = await shopIn("kept");
  const before = await buildRollups(shop, directory);
  {
    await using _writer = await DatasetWriter.open(directory, shop.name);
    await assert.rejects(
      buildRollups(shop, directory),
      (error) => error instanceof DatasetError && error.code === "AF_DATASET_LOCKED",
    );
  }
  await writeShop(directory, { sale: (query) => `SELECT * REPLACE (77 AS good_key) FROM (${query})` });
  await assert.rejects(buildRollups(shop, directory), /months holds 0 of 180 rows of sale/);
  assert.deepEqual(await findRollups(directory), before);
});

test("a rollup that was changed is named by the tests of a dataset, and a list that was changed is refused", async () => {
  const directory = await shopIn("damaged");
  const { rollups } = await buildRollups(shop, directory);
  const path = join(directory, rollups[0]?.path ?? "");
  const bytes = await readFile(path);
  assert.equal((await checkDataset(shop, directory)).passed, true);
  await writeFile(path, Buffer.concat([bytes.subarray(0, 40), Buffer.from([1]), bytes.subarray(41)]));
  const { checks } = await checkDataset(shop, directory);
  assert.deepEqual(
    checks.filter(({ passed }) => !passed).map(({ name }) => name),
    ["the rollup months adds up to the files that it was made of"],
  );
  const list = join(directory, "rollups.json");
  for (const text of [(await readFile(list, "utf8")).replace('"months"', '"weeks"'), "{", "null"]) {
    await writeFile(list, text);
    await assert.rejects(
      OpenDataset.open(shop, directory),
      (error) => error instanceof DatasetError && error.code === "AF_DATASET_CORRUPT",
    );
  }
  await buildRollups(shop, directory);
  assert.equal((await checkDataset(shop, directory)).passed, true);
});

test("a rollup with other totals than its files is found, though its checksum is right", async () => {
  const directory = await shopIn("wrong");
  await buildRollups(shop, directory);
  const half = { ...shop, rollups: { months: { of: "sale", by: ["year"] } } };
  const other = join(folder, "other");
  await writeShop(other, { sale: (query) => `SELECT * REPLACE (price + 1 AS price) FROM (${query})` });
  const made = await buildRollups(half, other);
  await writeFile(join(directory, "rollups.json"), await readFile(join(other, "rollups.json"), "utf8"));
  const [file] = made.rollups;
  await writeFile(join(directory, file?.path ?? ""), await readFile(join(other, file?.path ?? "")));
  const failed = (await checkDataset(shop, directory)).checks.filter(({ passed }) => !passed);
  assert.equal(failed[0]?.detail, "not so for sum(price), min(price), max(price)");
});
