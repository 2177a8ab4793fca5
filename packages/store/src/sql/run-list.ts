import { type RunHead, RunNotFoundError, type RunQuery } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { runKey } from "../rows/identifiers.ts";
import { type ListIndex, type ListPlace, listStatement } from "./list-statement.ts";
import type { SqlSession } from "./sql-database.ts";

/** Lists runs of a tenant, newest first. Throws RunNotFoundError when `after` names no run. */
export async function listRuns(
  session: SqlSession,
  query: RunQuery,
  hint: (index: ListIndex) => string,
): Promise<readonly RunHead[]> {
  const after = query.after === undefined ? undefined : await placeOf(session, query.tenant, query.after);
  const statement = listStatement(query, after, hint);
  if (statement === undefined) return [];
  return (await session.rows(statement.sql, ...statement.values)).map(headFrom);
}

async function placeOf(session: SqlSession, tenant: string, runId: string): Promise<ListPlace> {
  const [values] = await session.rows(
    "SELECT created_at, rid FROM af_origins WHERE run_key = ?",
    runKey(tenant, runId),
  );
  if (values === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
  return { createdAt: values[0] as number, rid: values[1] as number };
}
