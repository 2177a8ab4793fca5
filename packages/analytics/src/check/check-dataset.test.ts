import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { integer } from "../model/column.ts";
import type { DatasetFile } from "../storage/dataset-manifest.ts";
import { DatasetWriter } from "../storage/dataset-writer.ts";
import { checkDataset } from "./check-dataset.ts";
import { shop, soundShop, writeShop } from "./shop.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-check-"));
let folders = 0;

after(() => rmSync(folder, { recursive: true, force: true }));

function next(): string {
  folders += 1;
  return join(folder, String(folders));
}

/** What fails of a shop that is written with other queries; each test of both formats is named once. */
async function failing(broken: Parameters<typeof writeShop>[1]): Promise<string[]> {
  const directory = next();
  await writeShop(directory, broken);
  const { checks, passed } = await checkDataset(shop, directory);
  const failed = checks.filter((check) => !check.passed);
  assert.equal(passed, failed.length === 0);
  return [
    ...new Set(failed.map(({ table, name }) => `${table}: ${name.replace(/ \((?:parquet|csv)\)$/, "")}`)),
  ];
}

test("a sound dataset passes every test, also with quotes in its texts", async () => {
  assert.deepEqual(await failing({}), []);
});

test("a file that is changed, cut or missing is named, and nothing else is tested on it", async () => {
  const directory = next();
  const { files } = await writeShop(directory);
  const paths = files.filter(({ table }) => table === "sale").map(({ path }) => path);
  const [changed = "", grown = "", gone = ""] = paths;
  const bytes = await readFile(join(directory, changed));
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  await writeFile(join(directory, changed), bytes);
  await appendFile(join(directory, grown), "x");
  await rm(join(directory, gone));
  const { checks } = await checkDataset(shop, directory);
  const details = checks.filter(({ passed }) => !passed).map(({ detail }) => detail);
  assert.equal(details.length, 1);
  assert.match(
    details[0] ?? "",
    new RegExp(`${changed} has another SHA-256; ${grown} has \\d+ bytes instead of \\d+; ${gone} is missing`),
  );
  assert.ok(checks.every(({ name }) => name.includes("those that were published")));
});

test("a file with other columns than the declared ones is named, and nothing else is tested", async () => {
  const directory = next();
  await writeShop(directory);
  const { columns } = shop.tables.good;
  const other = {
    ...shop,
    tables: { ...shop.tables, good: { ...shop.tables.good, columns: { ...columns, id: integer() } } },
  };
  const { checks } = await checkDataset(other, directory);
  const failed = checks.filter(({ passed }) => !passed);
  assert.deepEqual(
    failed.map(({ table, name }) => [table, name]),
    [["good", "the columns of each file are those that are declared"]],
  );
  assert.match(
    failed[0]?.detail ?? "",
    /good\/part-1-0\.parquet: good_key INTEGER, id VARCHAR, kind VARCHAR/,
  );
});

test("doubled keys, keys of nothing and values that are not allowed are found", async () => {
  assert.deepEqual(
    await failing({
      day: `${soundShop.day.replace(" ORDER BY day_key", "")} UNION ALL SELECT 20211231, 2021, 5, 12 ORDER BY day_key`,
    }),
    ["day: quarter has values that the declaration allows"],
  );
  assert.deepEqual(await failing({ day: `FROM (${soundShop.day}) WHERE day_key <> 20210202` }), [
    "sale: day_key is a key of day",
    "sale: every row is in the folder that its day belongs to",
  ]);
  assert.deepEqual(
    await failing({ sale: (query) => `SELECT * REPLACE (greatest(sale_id, 3) AS sale_id) FROM (${query})` }),
    ["sale: sale_id is unique"],
  );
  assert.deepEqual(
    await failing({
      sale: (query) =>
        `SELECT * REPLACE (pieces + 100 AS pieces, NULL::DECIMAL(9,2) AS price) FROM (${query})`,
    }),
    [
      "sale: pieces has values that the declaration allows",
      "sale: price has values that the declaration allows",
      "sale: a cup costs more than its pieces",
    ],
  );
});

test("versions that overlap, leave a gap, or are not the one of the day are found (OLP-13)", async () => {
  const good = (until: string, from: string) =>
    soundShop.good
      .replace("DATE '2022-01-01', false", `DATE '${until}', false`)
      .replace("'cup', DATE '2022-01-01'", `'cup', DATE '${from}'`);
  const chain = "good: the versions of a thing follow on each other without gap or overlap";
  const valid = "sale: good_key is the version of good that was valid on its date (OLP-13)";
  assert.deepEqual(await failing({ good: good("2022-02-01", "2022-01-01") }), [chain]);
  assert.deepEqual(await failing({ good: good("2021-12-01", "2022-01-01") }), [chain, valid]);
  assert.deepEqual(await failing({ good: good("2022-02-01", "2022-02-01") }), [valid]);
  // An open version that another follows, and a sale on the first day on which its version is no longer valid.
  const open = soundShop.good.replace("DATE '2022-01-01', false", "NULL, true");
  assert.deepEqual(await failing({ good: open }), [chain]);
  const late = (query: string): string =>
    `SELECT * REPLACE (CASE WHEN date = '2022-01-01' THEN least(good_key, 1) ELSE good_key END::INTEGER AS good_key) FROM (${query})`;
  assert.deepEqual(await failing({ sale: late }), [valid]);
  assert.deepEqual(await failing({ good: soundShop.good.replace("NULL, true)", "NULL, false)") }), [
    "good: exactly the open version of a thing is current",
  ]);
});

test("rows in the wrong folder or order are found", async () => {
  const misplaced = await failing({
    sale: (query) => query.replaceAll("2022", "2021").replace("* 360", "* 360 + 360"),
  });
  assert.ok(misplaced.includes("sale: every row is in the folder that its day belongs to"), misplaced.join());
  assert.deepEqual(
    await failing({ sale: (query) => query.replace("ORDER BY sale_id", "ORDER BY sale_id DESC") }),
    ["sale: the rows of each file are ordered by date, sale_id"],
  );
});

test("a manifest that says what the rows are not is found", async () => {
  const directory = next();
  const before = await writeShop(directory);
  const lies: readonly ((file: DatasetFile) => DatasetFile)[] = [
    (file) => ({ ...file, rows: file.rows + 1 }),
    (file) => ({ ...file, columns: { ...file.columns, price: { min: 1, max: 2, nulls: 0 } } }),
    (file) => ({ ...file, columns: { ...file.columns, note: { ...file.columns["note"], nulls: 0 } } }),
  ];
  for (const lie of lies) {
    await using writer = await DatasetWriter.open(directory, shop.name);
    // What a writer with a defect would publish: the same files, with other statistics.
    const files = before.files.map((file) => (file.path.startsWith("parquet/sale/") ? lie(file) : file));
    writer.manifest = { ...before, files };
    await writer.publish({ origin: {}, add: [], keep: () => true });
    const { checks } = await checkDataset(shop, directory);
    assert.deepEqual(
      checks.filter(({ passed }) => !passed).map(({ name }) => name),
      ["counts and extremes in the manifest are those of the rows"],
    );
  }
});
