import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { DuckDatabase } from "../execute/duck-database.ts";

/** What figures were measured on, and what else it did when they began. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Mean number of busy processes in the minute before. */
  readonly loadAverage: number;
  readonly platform: string;
  readonly node: string;
  readonly duckdb: string;
}

/** Describes this machine. Throws ConfigError if DuckDB is not there. */
export async function describeMachine(): Promise<Machine> {
  using database = await DuckDatabase.open("the benchmark");
  using connection = await database.connect();
  const [row] = await connection.rows("SELECT version() AS version");
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadAverage: Number((loadavg()[0] ?? 0).toFixed(2)),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    duckdb: String(row?.["version"]),
  };
}
