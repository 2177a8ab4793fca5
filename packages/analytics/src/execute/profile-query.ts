import { readFile, rm } from "node:fs/promises";
import type { DuckConnection, Parameter, Result } from "./duck-database.ts";
import { quoteText } from "./sql-text.ts";

/** What DuckDB's profiler says of a query, as far as it can be trusted over many files. */
export interface QueryProfile {
  readonly rowsScanned: number;
}

interface Operator {
  readonly operator_type?: string;
  readonly operator_cardinality?: number;
  readonly children?: readonly Operator[];
}

/** Does a query under the profiler, which writes what it saw to `path`. */
export async function profileQuery(
  connection: DuckConnection,
  {
    sql,
    parameters,
    path,
    signal,
  }: {
    readonly sql: string;
    readonly parameters: readonly Parameter[];
    readonly path: string;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly result: Result; readonly profile: QueryProfile }> {
  await connection.run(`SET enable_profiling = 'json'`);
  await connection.run(`SET profiling_output = ${quoteText(path)}`);
  try {
    const result = await connection.query(sql, parameters, signal);
    const root = JSON.parse(await readFile(path, "utf8")) as Operator;
    return { result, profile: { rowsScanned: scannedRows(root) } };
  } finally {
    await connection.run("PRAGMA disable_profiling");
    await rm(path, { force: true });
  }
}

// The profiler's own total is wrong over many files; what each scan hands on is right.
function scannedRows(operator: Operator): number {
  const own = operator.operator_type === "TABLE_SCAN" ? (operator.operator_cardinality ?? 0) : 0;
  return (operator.children ?? []).reduce((sum, child) => sum + scannedRows(child), own);
}
