import { closestName, invariant } from "@agentflow/core";
import type { Column } from "./column.ts";
import type { DatasetModel } from "./dataset-model.ts";
import type { Table } from "./table.ts";

/** A column with the table it belongs to. */
export interface ColumnPlace {
  readonly table: string;
  readonly name: string;
  readonly column: Column;
}

/** Splits "table.column". */
export function splitReference(reference: string): readonly [table: string, column: string] {
  const at = reference.indexOf(".");
  return [reference.slice(0, Math.max(0, at)), reference.slice(at + 1)];
}

/** The table of a name. The declaration was checked, so it is there. */
export function tableOf(model: DatasetModel, name: string): Table {
  const table = model.tables[name];
  invariant(table !== undefined, `the model has a table ${name}`);
  return table;
}

/** The column that a reference of a checked declaration means. */
export function columnAt(model: DatasetModel, reference: string): ColumnPlace {
  const [table, name] = splitReference(reference);
  const column = tableOf(model, table).columns[name];
  invariant(column !== undefined, `the model has a column ${reference}`);
  return { table, name, column };
}

/** The only column of the key of a dimension table. */
export function dimensionKey(model: DatasetModel, name: string): string {
  const [key] = tableOf(model, name).key;
  invariant(key !== undefined, `${name} has a key`);
  return key;
}

/** The column of a fact table that refers to a dimension table, if there is one. */
export function joinColumn(fact: Table, dimension: string): string | undefined {
  return Object.entries(fact.joins).find(([, table]) => table === dimension)?.[0];
}

/** " Did you mean ...?", where a known name is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = closestName(name, known);
  return near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
}
