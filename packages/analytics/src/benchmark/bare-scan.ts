import { join } from "node:path";
import { quoteName, readFiles } from "../execute/sql-text.ts";
import type { QuestionPlan } from "../plan/plan-question.ts";

/**
 * The least that could answer a question: SQL that reads the same columns of the same files and adds each of them up,
 * without groups, filters, joins or windows. Undefined where a plan reads no column of the fact table.
 */
export function bareScanSql({ sql, files }: QuestionPlan, directory: string): string | undefined {
  const columns = [...new Set([...sql.matchAll(/\bfact\."(\w+)"/g)].map(([, name]) => String(name)))];
  if (columns.length === 0 || files.opened.length === 0) return undefined;
  const sums = (of: (name: string) => string) =>
    columns.map((name) => `sum(${of(name)}) AS ${quoteName(name)}`).join(", ");
  const parts = files.opened.map(
    ({ format, path }) => `SELECT ${sums(quoteName)} FROM ${readFiles(format, [join(directory, path)])}`,
  );
  return `SELECT ${sums(quoteName)} FROM (${parts.join("\nUNION ALL ")})`;
}
