import type { SqlValue } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { ListIndex } from "../sql/list-statement.ts";

/** What differs between databases in the work of retention. */
export interface RetentionDialect {
  /** Names an index in a list of runs to a planner that might take another. */
  readonly listHint: (index: ListIndex) => string;
  /** Ends a statement that reads heads, so that nobody else changes them until the end of the transaction. */
  readonly lock: string;
  /** A condition on `af_origins` for these runs of a tenant, with its values. */
  runs(
    tenant: string,
    runIds: readonly string[],
  ): { readonly condition: string; readonly values: readonly SqlValue[] };
  /** A statement that deletes some rows of a run. */
  deleteSome(rows: SomeRows): { readonly sql: string; readonly values: readonly SqlValue[] };
}

/** At most `limit` rows of a table that belong to the run with this number. */
export interface SomeRows {
  readonly table: string;
  /** The primary key behind the run's number. */
  readonly key: string;
  readonly number: number;
  readonly limit: number;
}

/** Condition on `af_origins` of servers, which find a run by one column. */
export function byRunKey(tenant: string, runIds: readonly string[]): ReturnType<RetentionDialect["runs"]> {
  return {
    condition: `run_key IN (${marks(runIds)})`,
    values: runIds.map((runId) => runKey(tenant, runId)),
  };
}

/** One placeholder per value. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** Deletes by a subquery over the primary key, where DELETE takes no limit. */
export function deleteByKey({
  table,
  key,
  number,
  limit,
}: SomeRows): ReturnType<RetentionDialect["deleteSome"]> {
  return {
    sql: `DELETE FROM ${table} WHERE rid = ? AND (${key}) IN (SELECT ${key} FROM ${table} WHERE rid = ? LIMIT ?)`,
    values: [number, number, limit],
  };
}
