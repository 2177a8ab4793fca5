import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { copyStatement } from "../storage/file-options.ts";
import { storageError } from "../storage/storage-error.ts";
import type { DuckConnection, Parameter } from "./duck-database.ts";
import { quoteName } from "./sql-text.ts";

/** A file that an answer was written to. */
export interface WrittenAnswer {
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** What is written, and where it may lie meanwhile. */
export interface ParquetRequest {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  /** The file; one that is there is replaced when the new one is whole. */
  readonly path: string;
  /** A folder that the database reaches. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Writes the rows of a query to a Parquet file with the types that they have. Throws DatasetError, QueryError. */
export async function writeParquet(
  connection: DuckConnection,
  { sql, parameters, path, scratch, signal }: ParquetRequest,
): Promise<WrittenAnswer> {
  const id = randomUUID();
  const table = quoteName(`answer-${id}`);
  const staged = join(scratch, `${id}.parquet`);
  const beside = `${path}.${id}.part`;
  try {
    await mkdir(scratch, { recursive: true });
    // COPY takes no parameters.
    await connection.query(`CREATE TEMP TABLE ${table} AS ${sql}`, parameters, signal);
    const columns = await connection.rows(`DESCRIBE ${table}`);
    // Sums of whole numbers are HUGEINT, which Parquet does not have.
    const selected = columns.map(({ column_name, column_type }) => {
      const name = quoteName(String(column_name));
      return column_type === "HUGEINT" ? `${name}::DECIMAL(38,0) AS ${name}` : name;
    });
    const query = `SELECT ${selected.join(", ")} FROM ${table}`;
    const [copied] = await connection.rows(copyStatement(query, staged, "parquet", { formats: ["parquet"] }));
    await connection.run(`DROP TABLE ${table}`);
    await copyFile(staged, beside);
    await rename(beside, path);
    return { path, rows: Number(copied?.["Count"]), sizeBytes: (await stat(path)).size };
  } catch (error) {
    throw storageError(error, path);
  } finally {
    await rm(staged, { force: true });
    await rm(beside, { force: true });
  }
}
