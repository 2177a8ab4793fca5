import { type RunQuery, type RunStatus, runStatuses, type SqlValue } from "@agentflow/core";
import { headColumns } from "../rows/head-values.ts";

/** The run after which a page begins: its place in the list. */
export interface ListPlace {
  readonly createdAt: number;
  readonly rid: number;
}

/** The indexes of the list of runs: of one status each, over all workflows or within one. */
export type ListIndex = "af_runs_newest" | "af_runs_workflow";

/** A statement that lists heads in the order of the list, in the columns of `headFrom`. */
export interface ListStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const finished: ReadonlySet<RunStatus> = new Set(["succeeded", "failed", "cancelled"]);

// Word for word the condition of the index within a workflow, which is how SQLite finds out that the index will do.
const isFinished = "status IN ('succeeded', 'failed', 'cancelled')";

/**
 * Lists runs by indexes alone, however many are stored and wherever those asked for lie: each status is a range of an
 * index in the order of the list, of which at most `limit` entries are read, and the ranges are merged. `hint` names an
 * index to a database whose planner might take another. Undefined when no status is asked for.
 */
export function listStatement(
  query: RunQuery,
  after: ListPlace | undefined,
  hint: (index: ListIndex) => string,
): ListStatement | undefined {
  const statuses = runStatuses.filter((status) => query.status?.includes(status) !== false);
  if (statuses.length === 0) return undefined;
  const { conditions, values } = filterOf(query, after);
  const ranges = statuses.map((status) => {
    const inWorkflow = query.workflow !== undefined && finished.has(status);
    const source = `af_runs${hint(inWorkflow ? "af_runs_workflow" : "af_runs_newest")}`;
    const condition = inWorkflow ? `${isFinished} AND ${conditions}` : conditions;
    return `SELECT * FROM (SELECT rid, created_at FROM ${source} WHERE status = '${status}' AND ${condition}
      ORDER BY created_at DESC, rid DESC LIMIT ?) ${status}`;
  });
  const page = `SELECT rid FROM (${ranges.join(" UNION ALL ")}) found ORDER BY created_at DESC, rid DESC LIMIT ?`;
  return {
    sql: `SELECT ${headColumns} FROM (${page}) page JOIN af_origins o ON o.rid = page.rid
      JOIN af_runs r ON r.rid = page.rid ORDER BY r.created_at DESC, r.rid DESC`,
    values: [...statuses.flatMap(() => [...values, query.limit]), query.limit],
  };
}

function filterOf(
  query: RunQuery,
  after: ListPlace | undefined,
): { readonly conditions: string; readonly values: readonly SqlValue[] } {
  const conditions = ["tenant = ?"];
  const values: SqlValue[] = [query.tenant];
  const add = (condition: string, ...parameters: readonly SqlValue[]) => {
    conditions.push(condition);
    values.push(...parameters);
  };
  if (query.workflow !== undefined) add("workflow = ?", query.workflow);
  if (query.createdAfter !== undefined) add("created_at > ?", query.createdAfter);
  if (query.createdBefore !== undefined) add("created_at < ?", query.createdBefore);
  if (query.wakeBefore !== undefined) add("wake_at <= ?", query.wakeBefore);
  if (query.owner !== undefined) add("owner = ?", query.owner);
  if (after !== undefined) {
    // Not as one comparison of pairs, of which MySQL uses no index.
    add("created_at <= ?", after.createdAt);
    add("(created_at < ? OR rid < ?)", after.createdAt, after.rid);
  }
  return { conditions: conditions.join(" AND "), values };
}
