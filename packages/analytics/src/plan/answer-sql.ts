import type { Parameter } from "../execute/duck-database.ts";
import { quoteName } from "../execute/sql-text.ts";
import { filterCondition } from "./filter.ts";
import type { ResolvedQuestion } from "./resolve-question.ts";
import { windowSql } from "./window-sql.ts";

/** Adds to the SQL of measures by dimensions what is computed over its rows: windows, what is shown of them, order. */
export function answerSql(sql: string, question: ResolvedQuestion, parameters: Parameter[]): string {
  return ordered(shown(windowed(sql, question), question, parameters), question);
}

function windowed(sql: string, { windows, dimensions }: ResolvedQuestion): string {
  if (windows.length === 0) return sql;
  const by = dimensions.map(({ name }) => name);
  const added = windows.map(({ name, window }) => `${windowSql(window, by)} AS ${quoteName(name)}`);
  return `SELECT *, ${added.join(", ")}\nFROM (\n${sql}\n)`;
}

// Rows that are not shown have had their part in the windows.
function shown(sql: string, { top, shown: rows }: ResolvedQuestion, parameters: Parameter[]): string {
  const conditions = rows.map(({ dimension, filter }) =>
    filterCondition(quoteName(dimension.name), dimension.place.column, filter, parameters),
  );
  if (top !== undefined) conditions.push(`${quoteName(top.by)} <= ${top.count}`);
  return conditions.length === 0 ? sql : `FROM (\n${sql}\n)\nWHERE ${conditions.join(" AND ")}`;
}

function ordered(sql: string, { order, limit }: ResolvedQuestion): string {
  const by = order.map(({ name, descending }) => `${quoteName(name)}${descending ? " DESC" : ""} NULLS LAST`);
  const sorted = by.length === 0 ? sql : `${sql}\nORDER BY ${by.join(", ")}`;
  return limit === undefined ? sorted : `${sorted}\nLIMIT ${limit}`;
}
