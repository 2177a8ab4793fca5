import { type RunHead, RunNotFoundError, type RunQuery, type SqlValue } from "@agentflow/core";
import { headColumns, headFrom } from "../rows/head-values.ts";
import { runKey } from "../rows/identifiers.ts";
import type { SqlSession } from "./sql-database.ts";

const openStatuses: ReadonlySet<string> = new Set(["queued", "running", "waiting", "paused"]);

/** Lists runs of a tenant, newest first. Throws RunNotFoundError when `after` names no run. */
export async function listRuns(session: SqlSession, query: RunQuery): Promise<readonly RunHead[]> {
  if (query.status?.length === 0) return [];
  const conditions = ["o.tenant = ?", "r.tenant = ?"];
  const values: SqlValue[] = [query.tenant, query.tenant];
  const add = (condition: string, ...parameters: readonly SqlValue[]) => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (query.status !== undefined)
    add(`r.status IN (${query.status.map(() => "?").join(", ")})`, ...query.status);
  // Tells the database that the index over unfinished runs will do, whatever the number of finished ones.
  if (query.status?.every((status) => openStatuses.has(status)) === true) add("r.is_open = 1");
  if (query.workflow !== undefined) add("o.workflow = ?", query.workflow);
  if (query.createdAfter !== undefined) add("o.created_at > ?", query.createdAfter);
  if (query.createdBefore !== undefined) add("o.created_at < ?", query.createdBefore);
  if (query.wakeBefore !== undefined) add("r.wake_at <= ?", query.wakeBefore);
  if (query.owner !== undefined) add("r.owner = ?", query.owner);
  if (query.after !== undefined)
    add(
      "(o.created_at, o.run_id) < (?, ?)",
      await createdAt(session, query.tenant, query.after),
      query.after,
    );
  const sql = `SELECT ${headColumns} FROM af_origins o JOIN af_runs r ON r.rid = o.rid
    WHERE ${conditions.join(" AND ")} ORDER BY o.created_at DESC, o.run_id DESC LIMIT ?`;
  return (await session.rows(sql, ...values, query.limit)).map(headFrom);
}

async function createdAt(session: SqlSession, tenant: string, runId: string): Promise<number> {
  const [values] = await session.rows(
    "SELECT created_at FROM af_origins WHERE run_key = ?",
    runKey(tenant, runId),
  );
  if (values === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
  return values[0] as number;
}
