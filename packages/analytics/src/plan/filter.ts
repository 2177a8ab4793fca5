import { QueryError } from "@agentflow/core";
import type { Parameter } from "../execute/duck-database.ts";
import { type Column, sqlTypeOf } from "../model/column.ts";
import type { ColumnStatistics } from "../storage/dataset-manifest.ts";
import type { Filter, FilterValue } from "./question.ts";

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

const wanted: Readonly<Record<Column["kind"], string>> = {
  integer: "a whole number",
  long: "a whole number",
  money: "a number",
  amount: "a number",
  real: "a number",
  text: "a text",
  date: "a day such as 2021-12-31",
  flag: "true or false",
};

function fits(value: unknown, column: Column): boolean {
  switch (column.kind) {
    case "integer":
      return Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 31;
    case "long":
      return Number.isSafeInteger(value);
    case "money":
    case "amount":
    case "real":
      return Number.isFinite(value);
    case "text":
      return typeof value === "string";
    case "date":
      return typeof value === "string" && dayPattern.test(value) && !Number.isNaN(Date.parse(value));
    case "flag":
      return typeof value === "boolean";
  }
}

function isRange(filter: Filter): filter is { readonly from?: FilterValue; readonly until?: FilterValue } {
  return typeof filter === "object" && !Array.isArray(filter);
}

function listed(filter: FilterValue | readonly FilterValue[]): readonly FilterValue[] {
  return Array.isArray(filter) ? filter : [filter as FilterValue];
}

/** Checks that a filter has values that its dimension can have. Throws QueryError. */
export function checkFilter(name: string, column: Column, filter: Filter): Filter {
  const values =
    filter === null
      ? [null]
      : isRange(filter)
        ? [filter.from, filter.until].filter((each) => each !== undefined)
        : listed(filter);
  if (values.length === 0) {
    throw new QueryError(`The filter of ${name} has no value.`, {
      hint: "Give at least one, or leave the filter out.",
    });
  }
  const odd = values.find((value) => !fits(value, column));
  if (odd === undefined) return filter;
  throw new QueryError(`${name} is compared with ${JSON.stringify(odd)}.`, {
    hint: `Give ${wanted[column.kind]}.`,
  });
}

function valueIn(text: string, column: Column): FilterValue {
  if (column.kind === "text" || column.kind === "date") return text;
  if (column.kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Reads a filter as it is written on a command line: `2022`, `Toys,Books`, `2021-01-01..2021-03-31`. */
export function parseFilter(text: string, column: Column): Filter {
  const [from, until, more] = text.split("..");
  if (until === undefined || from === undefined || more !== undefined) {
    const values = text.split(",").map((each) => valueIn(each, column));
    return values.length === 1 ? (values[0] as FilterValue) : values;
  }
  return {
    ...(from === "" ? {} : { from: valueIn(from, column) }),
    ...(until === "" ? {} : { until: valueIn(until, column) }),
  };
}

/** The condition of a filter as SQL; its values become parameters. */
export function filterCondition(
  sql: string,
  column: Column,
  filter: Filter,
  parameters: Parameter[],
): string {
  const parameter = (value: FilterValue): string => {
    parameters.push(value);
    return `$${parameters.length}::${sqlTypeOf(column)}`;
  };
  if (!isRange(filter)) return `${sql} IN (${listed(filter).map(parameter).join(", ")})`;
  const { from, until } = filter;
  return [
    ...(from === undefined ? [] : [`${sql} >= ${parameter(from)}`]),
    ...(until === undefined ? [] : [`${sql} <= ${parameter(until)}`]),
  ].join(" AND ");
}

/** True if a value passes a filter. */
export function passes(value: FilterValue, filter: Filter): boolean {
  if (!isRange(filter)) return listed(filter).includes(value);
  const { from, until } = filter;
  return (from === undefined || value >= from) && (until === undefined || value <= until);
}

/** False if no row of a file can pass, by the least and greatest values of the column in it. */
export function mayPass({ min, max }: ColumnStatistics, filter: Filter): boolean {
  if (min === undefined || max === undefined) return true;
  if (!isRange(filter)) return listed(filter).some((value) => value >= min && value <= max);
  const { from, until } = filter;
  return (from === undefined || max >= from) && (until === undefined || min <= until);
}
