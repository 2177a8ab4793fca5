import { join } from "node:path";
import type { Parameter } from "../execute/duck-database.ts";
import { quoteName, readFiles } from "../execute/sql-text.ts";
import type { RollupFile } from "../storage/rollup-manifest.ts";
import { filterCondition } from "./filter.ts";
import type { PartialAggregate } from "./partial-aggregates.ts";
import type { ResolvedQuestion } from "./resolve-question.ts";

/**
 * The smallest rollup that has every dimension of a question, also those that are only filtered by, and what each of its
 * measures follows from; undefined if there is none, such as for distinct values and for what is of the last day.
 */
export function rollupFor(
  question: ResolvedQuestion,
  aggregates: readonly PartialAggregate[],
  rollups: readonly RollupFile[],
): RollupFile | undefined {
  const asked = [...question.dimensions, ...question.filters.map(({ dimension }) => dimension)];
  const kept = aggregates.flatMap(({ partials }) => partials.map((each) => each.kept?.name));
  const fits = ({ fact, by, columns }: RollupFile): boolean =>
    fact === question.fact &&
    asked.every(({ name }) => by.includes(name)) &&
    kept.every((name) => name !== undefined && columns.includes(name));
  return rollups.filter(fits).sort((a, b) => a.rows - b.rows)[0];
}

/** The SQL of measures by dimensions from a rollup in place of the files; the values of filters become parameters. */
export function rollupSql(
  question: ResolvedQuestion,
  aggregates: readonly PartialAggregate[],
  source: { readonly directory: string; readonly rollup: RollupFile; readonly parameters: Parameter[] },
): string {
  const { directory, rollup, parameters } = source;
  const kept = aggregates.flatMap(({ partials }) =>
    partials.map((each) => `${quoteName(each.kept?.name ?? "")} AS ${each.name}`),
  );
  const conditions = question.filters.map(({ dimension, filter }) =>
    filterCondition(quoteName(dimension.name), dimension.place.column, filter, parameters),
  );
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const names = question.dimensions.map(({ name }) => quoteName(name));
  const part = `SELECT ${[...names, ...kept].join(", ")} FROM ${readFiles("parquet", [join(directory, rollup.path)])}${where}`;
  const measures = question.measures.map(
    ({ name }, index) => `${aggregates[index]?.merged} AS ${quoteName(name)}`,
  );
  const grouped = names.length === 0 ? "" : `\nGROUP BY ${names.join(", ")}`;
  return `SELECT ${[...names, ...measures].join(", ")}\nFROM (\n  ${part}\n)${grouped}`;
}
