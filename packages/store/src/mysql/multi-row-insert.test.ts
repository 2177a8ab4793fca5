import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf, conditionalInserts, insertStatements, lengthMaxOf } from "./multi-row-insert.ts";

test("rows go in few statements, none of them long unless one row is", () => {
  const short = Array.from({ length: 1_200 }, (_, index) => [index, "x"]);
  assert.deepEqual(
    chunksOf(short, 1_000_000).map(({ length }) => length),
    [500, 500, 200],
  );
  assert.deepEqual(chunksOf(short, 1_000_000).flat(), short);
  const long = "x".repeat(600_000);
  assert.deepEqual(
    chunksOf([[long], [long], ["x"], ["x".repeat(3_000_000)], ["x"]], 1_000_000).map(({ length }) => length),
    [1, 2, 1, 1],
  );
  assert.deepEqual(chunksOf([], 1_000_000), []);
});

test("rows of any text that go together fit into a packet", () => {
  for (const packetBytes of [65_536, 1_048_576, 16_777_216]) {
    for (const letter of ["x", "'", "字", "\ud83d\ude00"]) {
      const rows = Array.from({ length: 400 }, () => [letter.repeat(20_000 / letter.length)]);
      for (const chunk of chunksOf(rows, lengthMaxOf(packetBytes))) {
        const text = chunk.flat().join("");
        const bytes = Math.max(Buffer.byteLength(text), letter === "'" ? 2 * text.length : 0);
        assert.ok(bytes <= packetBytes, `${bytes} bytes of ${letter} in ${packetBytes}`);
      }
    }
  }
});

const insert = {
  table: "t",
  columns: ["a", "b"],
  rows: [
    [1, "x"],
    [2, null],
  ],
  lengthMax: 1_000,
};

test("a row that is there is refused, kept or overwritten, as asked", () => {
  const sql = "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)";
  const values = [1, "x", 2, null];
  assert.deepEqual(insertStatements(insert), [{ sql, values }]);
  assert.deepEqual(insertStatements({ ...insert, overwrite: [] }), [
    { sql: `${sql} ON DUPLICATE KEY UPDATE a = a`, values },
  ]);
  assert.deepEqual(insertStatements({ ...insert, overwrite: ["b"] }), [
    { sql: `${sql} ON DUPLICATE KEY UPDATE b = VALUES(b)`, values },
  ]);
  assert.deepEqual(insertStatements({ ...insert, rows: [] }), []);
});

test("rows that depend on a condition go in one by one", () => {
  const sql = "INSERT INTO t (a, b) SELECT ?, ? FROM DUAL WHERE c ON DUPLICATE KEY UPDATE a = a";
  assert.deepEqual(conditionalInserts({ ...insert, overwrite: [] }, "c"), [
    { sql, values: [1, "x"] },
    { sql, values: [2, null] },
  ]);
});
