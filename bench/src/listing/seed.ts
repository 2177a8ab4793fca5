import { firstRunAt, runIntervalMs } from "./list-filter.ts";

/** How a database writes what the seeding needs. */
export interface SeedDialect {
  /** A table expression with the column `n`, from 1 to `runs`. */
  numbers(runs: number): string;
  /** An expression as text, with zeros in front up to a length. */
  padded(expression: string, length: number): string;
  /** An expression of texts put together. */
  concat(...parts: readonly string[]): string;
  /** Columns that a database has besides those of all. */
  readonly originKey: boolean;
  readonly overriding: string;
}

/**
 * Statements that fill the heads of `runs` runs: four fifths of the tenant default, five workflows of which one is
 * retired, and nine tenths of them succeeded. What is rare is so placed that a list has to go far to find it.
 */
export function seedStatements(runs: number, dialect: SeedDialect): readonly string[] {
  const n = "n";
  const runId = dialect.concat("'01'", dialect.padded(n, 24));
  const tenant = `CASE WHEN n = 3 THEN 'solo' WHEN n % 5 = 0 THEN 'acme' ELSE 'default' END`;
  const tenantLength = `CASE WHEN n = 3 THEN '4:' WHEN n % 5 = 0 THEN '4:' ELSE '7:' END`;
  const createdAt = `${firstRunAt} + ${n} * ${runIntervalMs}`;
  const workflow = `CASE WHEN n < ${Math.ceil(runs * 0.02)} AND n % 7 = 0 THEN 'retired'
    WHEN n % 10 < 5 THEN 'research' WHEN n % 10 < 8 THEN 'summarize' WHEN n % 10 = 8 THEN 'import' ELSE 'report' END`;
  const status = `CASE WHEN n > ${runs - 200} THEN 'running' WHEN n % 997 = 0 THEN 'waiting'
    WHEN n % 4999 = 0 THEN 'paused' WHEN n < ${Math.ceil(runs * 0.3)} AND n % 6 = 2 THEN 'failed'
    WHEN n % ${Math.max(10, Math.floor(runs / 100) * 10)} = 8 THEN 'cancelled' ELSE 'succeeded' END`;
  const input = dialect.concat('\'{"question":"What is known about topic \'', dialect.padded(n, 7), "'?\"}'");
  const key = dialect.originKey
    ? { column: "run_key, ", value: `${dialect.concat(tenantLength, tenant, runId)}, ` }
    : { column: "", value: "" };
  const from = dialect.numbers(runs);
  return [
    `INSERT INTO af_origins (rid, ${key.column}tenant, run_id, workflow, version, fingerprint, seed, created_at, labels, input)
      ${dialect.overriding} SELECT n, ${key.value}${tenant}, ${runId}, ${workflow}, '1', ${dialect.padded("n % 5", 64)},
        ${dialect.padded(n, 26)}, ${createdAt}, NULL, ${input} FROM ${from}`,
    `INSERT INTO af_runs (rid, seq, epoch, events, emitted_seq, recoveries, round, budget_ms, steps, updated_at, wake_at,
        status, owner, tenant, created_at, workflow)
      SELECT n, 7, 1, 8, 8, 0, 0, 12.5, 5, ${createdAt} + 800, NULL, ${status}, NULL, ${tenant}, ${createdAt}, ${workflow}
      FROM ${from}`,
  ];
}
