import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DuckDatabase } from "../execute/duck-database.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import { date, integer, text } from "../model/column.ts";
import { dataset } from "../model/dataset-model.ts";
import { additivityOf, closing, count, distinct, sum } from "../model/measure.ts";
import { dimension, fact } from "../model/table.ts";
import { buildRollups } from "../rollup/build-rollups.ts";
import { DatasetWriter, type StagedFile } from "../storage/dataset-writer.ts";
import { stageQuery } from "../storage/stage-query.ts";

/** How many pieces lie on each shelf at the end of each day. */
const store = dataset("store", {
  tables: {
    day: dimension({ key: "day_key", columns: { day_key: integer(), year: integer(), month: integer() } }),
    shelf: dimension({ key: "shelf_key", columns: { shelf_key: integer(), room: text() } }),
    stock: fact({
      key: ["date", "shelf_key"],
      columns: { date: date(), day_key: integer(), shelf_key: integer(), pieces: integer() },
      joins: { day_key: "day", shelf_key: "shelf" },
      day: "date",
      partitions: { table: "day", columns: ["year", "month"] },
      order: ["date", "shelf_key"],
    }),
  },
  dimensions: { year: "day.year", month: "day.month", room: "shelf.room", shelf: "stock.shelf_key" },
  measures: {
    pieces: closing("stock.pieces"),
    handled: sum("stock.pieces"),
    counts: count("stock"),
    shelves: distinct("stock.shelf_key"),
  },
  hierarchies: { calendar: ["year", "month"] },
  rollups: { months: { of: "stock", by: ["year", "month", "room"] } },
});

const directory = mkdtempSync(join(tmpdir(), "agentflow-closing-"));

// Shelf 3, alone in the attic, was last counted on 2 January.
const counted: readonly (readonly [day: number, shelf: number, pieces: number])[] = [
  [20210101, 1, 10],
  [20210101, 2, 20],
  [20210101, 3, 5],
  [20210102, 1, 11],
  [20210102, 2, 21],
  [20210102, 3, 6],
  [20210201, 1, 12],
  [20210201, 2, 22],
  [20210203, 1, 13],
];

before(async () => {
  await using writer = await DatasetWriter.open(directory, store.name);
  using database = await DuckDatabase.open(directory);
  using connection = await database.connect();
  const add: StagedFile[] = [];
  const stage = async (
    table: keyof typeof store.tables,
    partition: Record<string, number>,
    query: string,
  ) => {
    const options = { formats: ["parquet"] as const, columns: store.tables[table].columns };
    add.push(...(await stageQuery(writer, connection, { table, partition, query }, options)));
  };
  const days = [...new Set(counted.map(([day]) => day))];
  await stage(
    "day",
    {},
    `FROM (VALUES ${days.map((day) => `(${day}, 2021, ${Math.floor(day / 100) % 100})`)}) t(day_key, year, month)`,
  );
  await stage("shelf", {}, "FROM (VALUES (1, 'hall'), (2, 'hall'), (3, 'attic')) t(shelf_key, room)");
  for (const month of [1, 2]) {
    const rows = counted.filter(([day]) => Math.floor(day / 100) % 100 === month);
    const values = rows.map(
      ([day, shelf, pieces]) => `(strptime('${day}', '%Y%m%d')::DATE, ${day}, ${shelf}, ${pieces})`,
    );
    await stage(
      "stock",
      { year: 2021, month },
      `FROM (VALUES ${values}) t(date, day_key, shelf_key, pieces) ORDER BY ALL`,
    );
  }
  await writer.publish({ origin: {}, add });
});

after(() => rmSync(directory, { recursive: true, force: true }));

test("what lies on shelves is added up over shelves and not over days: the last day of each row's group counts", async () => {
  await buildRollups(store, directory);
  using opened = await OpenDataset.open(store, directory);
  const by = async (...dimensions: ("year" | "month" | "room")[]) =>
    (await opened.ask({ measures: ["pieces", "handled", "shelves"], by: dimensions })).rows.map((row) =>
      Object.values(row),
    );
  // On 3 February only shelf 1 was counted.
  assert.deepEqual(await by(), [[13, 120, 3]]);
  assert.deepEqual(await by("year"), [[2021, 13, 120, 3]]);
  assert.deepEqual(await by("month"), [
    [1, 38, 73, 3],
    [2, 13, 47, 2],
  ]);
  assert.deepEqual(await by("room"), [
    ["attic", 6, 11, 1],
    ["hall", 13, 109, 2],
  ]);
  assert.deepEqual(await by("room", "month"), [
    ["attic", 1, 6, 11, 1],
    ["hall", 1, 32, 62, 2],
    ["hall", 2, 13, 47, 2],
  ]);
  const filtered = await opened.ask({ measures: ["pieces"], by: ["month"], where: { shelf: 2 } });
  assert.deepEqual(filtered.rows, [
    { month: 1, pieces: 21 },
    { month: 2, pieces: 22 },
  ]);
});

test("no rollup answers what is of the last day, though it answers sums of the same column", async () => {
  using opened = await OpenDataset.open(store, directory);
  assert.equal(additivityOf(store.measures.pieces), "semi-additive");
  assert.equal(opened.plan({ measures: ["handled", "counts"], by: ["room"] }).rollup?.name, "months");
  assert.equal(opened.plan({ measures: ["pieces"], by: ["room"] }).rollup, undefined);
  assert.equal(opened.plan({ measures: ["shelves"], by: ["room"] }).rollup, undefined);
});
