import assert from "node:assert/strict";
import { test } from "node:test";
import type { Row } from "../execute/duck-database.ts";
import type { QuestionId } from "./benchmark-questions.ts";
import { wrongWindowValues } from "./window-arithmetic.ts";

const right: Readonly<Partial<Record<QuestionId, readonly Row[]>>> = {
  "moving-average": [
    { category: "Books", revenue: 10, moving_average: 10 },
    { category: "Books", revenue: 20, moving_average: 15 },
    { category: "Books", revenue: 60, moving_average: 30 },
    { category: "Books", revenue: 10, moving_average: 30 },
    { category: "Toys", revenue: 7, moving_average: 7 },
  ],
  growth: [
    { region: "Asia", year: 2021, revenue: 10, growth: null },
    { region: "Asia", year: 2022, revenue: 15, growth: 0.5 },
    { region: "Europe", year: 2021, revenue: 4, growth: null },
    { region: "Europe", year: 2023, revenue: 8, growth: null },
  ],
  ranking: [
    { year: 2022, quarter: 1, revenue: 9, rank: 1, row_number: 1 },
    { year: 2022, quarter: 1, revenue: 9, rank: 1, row_number: 2 },
    { year: 2022, quarter: 1, revenue: 8, rank: 3, row_number: 3 },
    { year: 2022, quarter: 2, revenue: 8, rank: 1, row_number: 1 },
  ],
};

const computed = ["moving_average", "growth", "rank", "row_number"];

test("window values that arithmetic confirms are none to complain of; each other one is counted (OLP-21)", () => {
  for (const [question, rows] of Object.entries(right) as [QuestionId, readonly Row[]][]) {
    assert.equal(wrongWindowValues(question, rows), 0, question);
    for (const [index, row] of rows.entries()) {
      for (const column of computed.filter((name) => Object.hasOwn(row, name))) {
        const planted = rows.with(index, { ...row, [column]: Number(row[column]) + 0.5 });
        assert.equal(wrongWindowValues(question, planted), 1, `${question}, row ${index}, ${column}`);
      }
    }
  }
});
