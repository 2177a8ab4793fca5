import { type RunHead, RunNotFoundError, type RunQuery, type SqlValue } from "@agentflow/core";
import { headColumns, headFrom } from "../rows/head-values.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

const openStatuses: ReadonlySet<string> = new Set(["queued", "running", "waiting", "paused"]);

/** Lists runs of a tenant, newest first. Throws RunNotFoundError when `after` names no run. */
export function listRuns(statements: PreparedStatements, query: RunQuery): readonly RunHead[] {
  // As UTF-8, every lone surrogate is the same replacement character: such a tenant would match another.
  if (!query.tenant.isWellFormed()) return [];
  const conditions = ["o.tenant = ?", "r.tenant = ?"];
  const values: SqlValue[] = [query.tenant, query.tenant];
  const add = (condition: string, ...parameters: SqlValue[]) => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (query.status !== undefined)
    add(`r.status IN (${query.status.map(() => "?").join(", ")})`, ...query.status);
  if (query.workflow !== undefined) add("o.workflow = ?", query.workflow);
  if (query.createdAfter !== undefined) add("o.created_at > ?", query.createdAfter);
  if (query.createdBefore !== undefined) add("o.created_at < ?", query.createdBefore);
  if (query.wakeBefore !== undefined) add("r.wake_at <= ?", query.wakeBefore);
  if (query.owner !== undefined) add("r.owner = ?", query.owner);
  if (query.after !== undefined)
    add("(o.created_at, o.run_id) < (?, ?)", createdAt(statements, query), query.after);
  const sql = `SELECT ${headColumns} FROM ${sourceOf(query)} WHERE ${conditions.join(" AND ")}
    ORDER BY o.created_at DESC, o.run_id DESC LIMIT ?`;
  return statements.rows(sql, ...values, query.limit).map(headFrom);
}

function sourceOf(query: RunQuery): string {
  const onlyOpen = query.status?.every((status) => openStatuses.has(status)) === true;
  // The few unfinished runs come from their own index, whatever the number of finished ones.
  return onlyOpen
    ? `(SELECT * FROM af_runs INDEXED BY af_runs_open
        WHERE status IN ('queued', 'running', 'waiting', 'paused')) r
       CROSS JOIN af_origins o USING (rid)`
    : "af_origins o CROSS JOIN af_runs r USING (rid)";
}

function createdAt(statements: PreparedStatements, query: RunQuery): number {
  const sql = "SELECT created_at FROM af_origins WHERE tenant = ? AND run_id = ?";
  const after = query.after?.isWellFormed() === true ? query.after : "";
  const values = statements.row(sql, query.tenant, after);
  if (values === undefined) throw new RunNotFoundError(`There is no run ${query.after}.`);
  return values[0] as number;
}
