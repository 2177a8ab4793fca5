import { join } from "node:path";
import { invariant } from "@agentflow/core";
import type { ColumnKind } from "../model/column.ts";
import type { Columns } from "../model/table.ts";
import type { QuestionPlan } from "../plan/plan-question.ts";
import { csvTypes, quoteName, readFiles } from "./sql-text.ts";

// The cheapest that reads every value: counts and extremes DuckDB answers from the footer alone.
const touched: Readonly<Record<ColumnKind, (name: string) => string>> = {
  integer: (name) => `sum(${name})`,
  long: (name) => `sum(${name})`,
  money: (name) => `sum(${name})`,
  amount: (name) => `sum(${name})`,
  real: (name) => `sum(${name})`,
  text: (name) => `sum(strlen(${name}))`,
  date: (name) => `sum(${name} - DATE '2000-01-01')`,
  flag: (name) => `sum(${name}::TINYINT)`,
};

/** SQL that adds up the columns which a plan reads of the files which it reads; undefined if it reads none. */
export function bareScanSql(
  columns: Columns,
  plan: Pick<QuestionPlan, "columns" | "files">,
  directory: string,
): string | undefined {
  if (plan.columns.length === 0 || plan.files.opened.length === 0) return undefined;
  const sums = plan.columns.map((name, index) => {
    const column = columns[name];
    invariant(column !== undefined, `the fact table has the column ${name}`);
    return `${touched[column.kind](quoteName(name))} AS c${index}`;
  });
  const parts = plan.files.opened.map(
    ({ format, path }) =>
      `SELECT ${sums.join(", ")} FROM ${readFiles(format, [join(directory, path)], csvTypes(columns))}`,
  );
  return parts.join("\nUNION ALL ");
}
