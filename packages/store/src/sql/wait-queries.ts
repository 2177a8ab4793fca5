import type { InterruptQuery, OwnershipStore, SqlValue, WaitStore } from "@agentflow/core";
import { headColumns } from "../rows/head-values.ts";
import { interruptColumns, openInterrupts } from "../rows/wait-values.ts";

/** A statement whose text depends only on which parts of a request are given, and its values. */
export interface Query {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** The released runs of these workflows whose time has come, soonest first. */
export function dueQuery(request: Parameters<WaitStore["listDue"]>[0]): Query {
  const { tenant, workflows, now, limit, skip = 0 } = request;
  const sql = `SELECT ${headColumns} FROM af_runs r JOIN af_origins o ON o.rid = r.rid
    WHERE r.tenant = ? AND r.wake_at <= ? AND r.owner IS NULL AND r.workflow IN (${marks(workflows)})
    ORDER BY r.wake_at, r.rid LIMIT ? OFFSET ?`;
  return { sql, values: [tenant, now, ...workflows, limit, skip] };
}

/** When the next of them wants to go on. */
export function nextQuery({ tenant, workflows, now }: Parameters<WaitStore["listDue"]>[0]): Query {
  const sql = `SELECT r.wake_at FROM af_runs r
    WHERE r.tenant = ? AND r.wake_at > ? AND r.owner IS NULL AND r.workflow IN (${marks(workflows)})
    ORDER BY r.wake_at LIMIT 1`;
  return { sql, values: [tenant, now, ...workflows] };
}

/** Unfinished runs of these workflows with an owner that is none of the living. */
export function orphansQuery(request: Parameters<OwnershipStore["listOrphans"]>[0]): Query {
  const { tenant, workflows, living, limit } = request;
  const others = living.length === 0 ? "" : `AND r.owner NOT IN (${marks(living)})`;
  const sql = `SELECT ${headColumns} FROM af_runs r JOIN af_origins o ON o.rid = r.rid
    WHERE r.tenant = ? AND r.status IN ('queued', 'running', 'waiting', 'paused') AND r.owner IS NOT NULL AND r.workflow IN (${marks(workflows)}) ${others}
    ORDER BY r.rid LIMIT ?`;
  return { sql, values: [tenant, ...workflows, ...living, limit] };
}

/** Interrupts without an answer, oldest first; `topic` is the column of `af_inbox` that holds an answer's interrupt id. */
export function interruptsQuery(query: InterruptQuery, topic: string): Query {
  const { tenant, workflow, runId, after, limit } = query;
  const conditions = [
    "w.tenant = ?",
    "w.kind = 'answer'",
    `NOT EXISTS (SELECT 1 FROM af_inbox i WHERE i.rid = w.rid AND i.kind = 'answer' AND i.${topic} = w.topic)`,
  ];
  const values: SqlValue[] = [tenant];
  const add = (condition: string, ...more: readonly SqlValue[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (workflow !== undefined) add("o.workflow = ?", workflow);
  if (runId !== undefined) add("o.tenant = ? AND o.run_id = ?", tenant, runId);
  if (after !== undefined) add("(w.at, o.run_id, w.topic) > (?, ?, ?)", after.at, after.runId, after.id);
  const sql = `SELECT ${interruptColumns} FROM ${openInterrupts} WHERE ${conditions.join(" AND ")}
    ORDER BY w.at, o.run_id, w.topic LIMIT ?`;
  return { sql, values: [...values, limit] };
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
