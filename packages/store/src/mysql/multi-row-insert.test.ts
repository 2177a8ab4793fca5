import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf, insertRows } from "./multi-row-insert.ts";

test("rows go in few statements, none of them long unless one row is", () => {
  const short = Array.from({ length: 1_200 }, (_, index) => [index, "x"]);
  assert.deepEqual(
    chunksOf(short).map(({ length }) => length),
    [500, 500, 200],
  );
  assert.deepEqual(chunksOf(short).flat(), short);
  const long = "x".repeat(600_000);
  assert.deepEqual(
    chunksOf([[long], [long], ["x"], ["x".repeat(3_000_000)], ["x"]]).map(({ length }) => length),
    [1, 2, 1, 1],
  );
  assert.deepEqual(chunksOf([]), []);
});

test("a row that is there is refused, kept or overwritten, as asked", async () => {
  const ran: unknown[] = [];
  const session = {
    rows: async () => [],
    change: async (sql: string, ...values: readonly unknown[]) => ran.push([sql, values]),
  };
  const insert = {
    table: "t",
    columns: ["a", "b"],
    rows: [
      [1, "x"],
      [2, null],
    ],
  };
  await insertRows(session, insert);
  await insertRows(session, { ...insert, overwrite: [] });
  await insertRows(session, { ...insert, overwrite: ["b"] });
  await insertRows(session, { ...insert, rows: [] });
  const sql = "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)";
  assert.deepEqual(ran, [
    [sql, [1, "x", 2, null]],
    [`${sql} ON DUPLICATE KEY UPDATE a = a`, [1, "x", 2, null]],
    [`${sql} ON DUPLICATE KEY UPDATE b = VALUES(b)`, [1, "x", 2, null]],
  ]);
});
