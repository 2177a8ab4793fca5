import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFigure, markdownTable } from "./markdown-table.ts";

test("a table has a header, a rule and a line per row", () => {
  assert.equal(
    markdownTable(["system", "steps/s"], [["bare", "10"]]),
    "| system | steps/s |\n| --- | ---: |\n| bare | 10 |",
  );
});

test("figures keep three digits and separate thousands", () => {
  assert.deepEqual([41_234.5, 0.034_56, 7, 1.005].map(formatFigure), ["41,200", "0.0346", "7", "1"]);
});
