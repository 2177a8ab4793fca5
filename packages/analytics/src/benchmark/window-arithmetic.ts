import type { Row } from "../execute/duck-database.ts";
import type { QuestionId } from "./benchmark-questions.ts";

const tolerance = 1e-9;

function isNear(value: unknown, expected: number | null): boolean {
  if (value === null || expected === null) return value === expected;
  return (
    typeof value === "number" && Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected))
  );
}

function groupsOf(rows: readonly Row[], names: readonly string[]): (readonly Row[])[] {
  return [...Map.groupBy(rows, (row) => JSON.stringify(names.map((name) => row[name]))).values()];
}

function wrongMeans(rows: readonly Row[], size: number): number {
  return groupsOf(rows, ["category"]).reduce((sum, group) => {
    const wrong = group.filter((row, index) => {
      const window = group.slice(Math.max(0, index - size + 1), index + 1);
      const total = window.reduce((whole, each) => whole + Number(each["revenue"]), 0);
      return !isNear(row["moving_average"], total / window.length);
    });
    return sum + wrong.length;
  }, 0);
}

function wrongGrowth(rows: readonly Row[]): number {
  return groupsOf(rows, ["region"]).reduce((sum, group) => {
    const wrong = group.filter((row) => {
      const before = group.find((each) => each["year"] === Number(row["year"]) - 1);
      const from = Number(before?.["revenue"]);
      const expected = before === undefined || from === 0 ? null : (Number(row["revenue"]) - from) / from;
      return !isNear(row["growth"], expected);
    });
    return sum + wrong.length;
  }, 0);
}

function wrongRanks(rows: readonly Row[]): number {
  return groupsOf(rows, ["year", "quarter"]).reduce((sum, group) => {
    const wrong = group.filter((row, index) => {
      const greater = group.filter((each) => Number(each["revenue"]) > Number(row["revenue"])).length;
      return row["rank"] !== greater + 1 || row["row_number"] !== index + 1;
    });
    return sum + wrong.length;
  }, 0);
}

/**
 * How many values of window measures are not what arithmetic over the revenue of the same answer gives (OLP-21). The
 * rows are in the order in which the question asks for them.
 */
export function wrongWindowValues(question: QuestionId, rows: readonly Row[]): number {
  switch (question) {
    case "moving-average":
      return wrongMeans(rows, 3);
    case "growth":
      return wrongGrowth(rows);
    case "ranking":
      return wrongRanks(rows);
    default:
      return 0;
  }
}
