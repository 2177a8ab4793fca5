import { type Column, sqlTypeOf } from "../model/column.ts";

/** A name as SQL takes it; only names of declarations are written this way. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it, for what cannot be a parameter: paths of files. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of names, separated by commas. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}

/** The files of a table in one format, read in this order as one table; CSV needs the types of its columns. */
export function readFiles(format: "parquet" | "csv", paths: readonly string[], types = "{}"): string {
  const list = paths.map(quoteText).join(", ");
  // A folder's name says what the rows of its files have in common; here the manifest does.
  if (format === "parquet") return `read_parquet([${list}], hive_partitioning = false)`;
  return `read_csv([${list}], header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', hive_partitioning = false, columns = ${types})`;
}

/** The types of the columns of a CSV file, which does not say them itself. */
export function csvTypes(columns: Readonly<Record<string, Column>>): string {
  const types = Object.entries(columns).map(
    ([name, column]) => `${quoteText(name)}: ${quoteText(sqlTypeOf(column))}`,
  );
  return `{${types.join(", ")}}`;
}

/** A table with these columns and no rows. */
export function noRows(columns: Readonly<Record<string, Column>>): string {
  const typed = Object.entries(columns).map(
    ([name, column]) => `NULL::${sqlTypeOf(column)} AS ${quoteName(name)}`,
  );
  return `(SELECT ${typed.join(", ")} WHERE false)`;
}
