import assert from "node:assert/strict";
import { test } from "node:test";
import { rowDifference } from "./row-difference.ts";

const rows = [
  { region: "Europe", year: 2021, revenue: 10.25, growth: null },
  { region: "Europe", year: 2022, revenue: 20.5, growth: 1 },
];

test("the same rows differ in nothing, however numbers are added and written", () => {
  const others = rows.map((row) => ({ ...row, revenue: row.revenue * (1 + 1e-13), year: BigInt(row.year) }));
  assert.equal(rowDifference(rows, others), undefined);
  assert.equal(rowDifference([], []), undefined);
  assert.equal(
    rowDifference(
      rows,
      rows.map((row) => ({ ...row, more: 1 })),
    ),
    undefined,
  );
});

test("another value, order, number of rows, or a lacking column is told with its place", () => {
  const changed = (column: string, value: number | string | null) => [
    rows[0] ?? {},
    { ...rows[1], [column]: value },
  ];
  assert.equal(rowDifference(rows, changed("revenue", 20.51)), "row 2 has revenue 20.51 in place of 20.5");
  assert.equal(rowDifference(rows, changed("growth", null)), "row 2 has growth null in place of 1");
  assert.equal(rowDifference(rows, changed("region", "Asia")), "row 2 has region Asia in place of Europe");
  assert.equal(rowDifference(rows, rows.slice(1)), "1 rows in place of 2");
  assert.match(rowDifference(rows, [...rows].reverse()) ?? "", /^row 1 has year 2022/);
  assert.match(rowDifference(rows, [{}, {}]) ?? "", /^row 1 has region undefined/);
});
