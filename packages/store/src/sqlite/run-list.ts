import { type RunHead, RunNotFoundError, type RunQuery } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { type ListPlace, listStatement } from "../sql/list-statement.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** Lists runs of a tenant, newest first. Throws RunNotFoundError when `after` names no run. */
export function listRuns(statements: PreparedStatements, query: RunQuery): readonly RunHead[] {
  // As UTF-8, every lone surrogate is the same replacement character: such a tenant would match another.
  if (!query.tenant.isWellFormed()) return [];
  const after = query.after === undefined ? undefined : placeOf(statements, query.tenant, query.after);
  const statement = listStatement(query, after, (index) => ` INDEXED BY ${index}`);
  if (statement === undefined) return [];
  return statements.rows(statement.sql, ...statement.values).map(headFrom);
}

function placeOf(statements: PreparedStatements, tenant: string, runId: string): ListPlace {
  const sql = "SELECT created_at, rid FROM af_origins WHERE tenant = ? AND run_id = ?";
  const values = statements.row(sql, tenant, runId.isWellFormed() ? runId : "");
  if (values === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
  return { createdAt: values[0] as number, rid: values[1] as number };
}
