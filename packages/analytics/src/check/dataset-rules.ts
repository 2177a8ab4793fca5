import { quoteName, quoteNames, quoteText } from "../execute/sql-text.ts";
import type { Column } from "../model/column.ts";
import { dimensionKey, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Table } from "../model/table.ts";

/** What has to hold for a table as a whole, and a query whose rows are examples of where it does not. */
export interface TableRule {
  readonly table: string;
  readonly name: string;
  readonly sql: string;
}

/** What has to hold for each row of a table, and the SQL that is true where it does not. */
export interface RowRule {
  readonly table: string;
  readonly name: string;
  readonly broken: string;
  /** The columns that show an example. */
  readonly shown: readonly string[];
}

/** The rules for rows that a declaration implies: values of columns, and what the table says itself. */
export function rowRules(name: string, table: Table): RowRule[] {
  const columns = Object.entries(table.columns).flatMap(([column, each]) => {
    const broken = brokenColumn(quoteName(column), each);
    if (broken === undefined) return [];
    const shown = [...new Set([...table.key, column])];
    return [{ table: name, name: `${column} has values that the declaration allows`, broken, shown }];
  });
  const rules = Object.entries(table.rules).map(([sentence, rule]) => ({
    table: name,
    name: sentence,
    broken: `(${rule}) IS NOT TRUE`,
    shown: table.key,
  }));
  return [...columns, ...rules];
}

/** The rules for whole tables that a declaration implies. Their queries read views named like the tables. */
export function tableRules(model: DatasetModel, name: string, table: Table): TableRule[] {
  return [
    ...keyQueries(name, table),
    ...joinQueries(model, name, table),
    ...versionQueries(name, table),
    ...factVersionQueries(model, name, table),
  ];
}

function keyQueries(name: string, { key }: Table): TableRule[] {
  const keys = quoteNames(key);
  return [
    {
      table: name,
      name: `${key.join(", ")} is unique`,
      sql: `SELECT ${keys} FROM ${quoteName(name)} GROUP BY ${keys} HAVING count(*) > 1`,
    },
  ];
}

function brokenColumn(column: string, { optional, min, max, oneOf }: Column): string | undefined {
  const broken = [
    ...(optional ? [] : [`${column} IS NULL`]),
    ...(min === undefined ? [] : [`${column} < ${min}`]),
    ...(max === undefined ? [] : [`${column} > ${max}`]),
    ...(oneOf === undefined ? [] : [`${column} NOT IN (${oneOf.map(quoteText).join(", ")})`]),
  ];
  return broken.length === 0 ? undefined : broken.join(" OR ");
}

function joinQueries(model: DatasetModel, name: string, table: Table): TableRule[] {
  return Object.entries(table.joins).map(([column, target]) => ({
    table: name,
    name: `${column} is a key of ${target}`,
    sql: `SELECT DISTINCT ${quoteName(column)} FROM ${quoteName(name)} fact
      WHERE NOT EXISTS (FROM ${quoteName(target)} t WHERE t.${quoteName(dimensionKey(model, target))} = fact.${quoteName(column)})`,
  }));
}

function versionQueries(name: string, { versions }: Table): TableRule[] {
  if (versions === undefined) return [];
  const [of, from, until, current] = [versions.of, versions.from, versions.until, versions.current].map(
    quoteName,
  );
  return [
    {
      table: name,
      name: "the versions of a thing follow on each other without gap or overlap",
      sql: `SELECT * FROM (SELECT ${of}, ${from}, ${until}, lead(${from}) OVER (PARTITION BY ${of} ORDER BY ${from}) AS following
        FROM ${quoteName(name)}) WHERE ${until} IS DISTINCT FROM following OR ${until} <= ${from}`,
    },
    {
      table: name,
      name: "exactly the open version of a thing is current",
      sql: `SELECT ${of}, ${from}, ${current} FROM ${quoteName(name)} WHERE ${current} <> (${until} IS NULL)`,
    },
  ];
}

function factVersionQueries(model: DatasetModel, name: string, table: Table): TableRule[] {
  const { day } = table;
  if (day === undefined) return [];
  return Object.entries(table.joins).flatMap(([column, target]) => {
    const { versions } = tableOf(model, target);
    if (versions === undefined) return [];
    const at = `fact.${quoteName(day)}`;
    return [
      {
        table: name,
        name: `${column} is the version of ${target} that was valid on its ${day} (OLP-13)`,
        sql: `SELECT ${[...table.key, day, column].map((each) => `fact.${quoteName(each)}`).join(", ")} FROM ${quoteName(name)} fact
          JOIN ${quoteName(target)} t ON t.${quoteName(dimensionKey(model, target))} = fact.${quoteName(column)}
          WHERE ${at} < t.${quoteName(versions.from)} OR ${at} >= t.${quoteName(versions.until)}`,
      },
    ];
  });
}
