import {
  type InboxRow,
  type InboxStore,
  RunNotFoundError,
  type RunStatus,
  type SqlValue,
  wakesRun,
} from "@agentflow/core";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { RunNumbers } from "./run-numbers.ts";

type Put = Parameters<InboxStore["put"]>[0];
type PutResult = Awaited<ReturnType<InboxStore["put"]>>;

/** Inboxes over one connection (S13, S21). */
export class InboxTable {
  readonly #statements: PreparedStatements;
  readonly #runs: RunNumbers;

  constructor(statements: PreparedStatements, runs: RunNumbers) {
    this.#statements = statements;
    this.#runs = runs;
  }

  /** To be called inside a transaction. Throws RunNotFoundError. */
  put(request: Put): PutResult {
    const { tenant, runId, row } = request;
    const run = this.#runs.find(tenant, runId);
    if (run === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
    const { rid } = run;
    const { kind, key, value, by, at } = row;
    const stored = this.#statements.row(putSql, rid, kind, key, value, by ?? null, at, rid, rid);
    if (stored !== undefined) {
      const id = stored[0] as number;
      this.#announce(rid, { id, ...row });
      return { kind: "stored", row: { id, ...row } };
    }
    const earlier = kind === "answer" ? this.#statements.row(answerSql, rid, key, rid) : undefined;
    if (earlier !== undefined) return { kind: "answered", row: inboxFrom(earlier) };
    if (this.#runs.renew(tenant, runId) !== undefined) return this.put(request);
    throw new RunNotFoundError(`The run ${runId} was removed.`);
  }

  /** To be called inside a transaction. */
  refuse({ tenant, runId, id }: Parameters<InboxStore["refuse"]>[0]): void {
    const run = this.#runs.find(tenant, runId);
    if (run !== undefined) this.#statements.change(refuseSql, run.rid, id);
  }

  /** Tells the run's owner with its next commit (S21), and makes a run that rests due if the row wakes it. */
  #announce(rid: number, { id, kind, key, at }: InboxRow): void {
    this.#statements.change("UPDATE af_runs SET inbox = ? WHERE rid = ?", id, rid);
    const head = this.#statements.row("SELECT status, wake_at FROM af_runs WHERE rid = ?", rid);
    const isAwaited = this.#statements.row(awaitedSql, rid, kind, key) !== undefined;
    if (!wakesRun(kind, head?.[0] as RunStatus, isAwaited)) return;
    const wakeAt = (head?.[1] ?? at) as number;
    this.#statements.change("UPDATE af_runs SET wake_at = ? WHERE rid = ?", Math.min(wakeAt, at), rid);
  }

  newest(tenant: string, runIds: readonly string[]): ReadonlyMap<string, number> {
    const newest = new Map<string, number>();
    for (const runId of runIds) {
      const run = this.#runs.find(tenant, runId);
      const id = run && this.#statements.row("SELECT inbox FROM af_runs WHERE rid = ?", run.rid)?.[0];
      if (typeof id === "number" && id > 0) newest.set(runId, id);
    }
    return newest;
  }

  read(tenant: string, runId: string, afterId: number): readonly InboxRow[] {
    const run = this.#runs.find(tenant, runId);
    return run === undefined ? [] : this.#statements.rows(readSql, run.rid, afterId).map(inboxFrom);
  }
}

function inboxFrom(values: readonly SqlValue[]): InboxRow {
  return {
    id: values[0] as number,
    kind: values[1] as InboxRow["kind"],
    key: values[2] as string,
    value: values[3] as string,
    by: (values[4] ?? undefined) as string | undefined,
    at: values[5] as number,
  };
}

const putSql = `INSERT INTO af_inbox (rid, id, kind, key, value, sender, at)
  SELECT ?, coalesce(max(id), 0) + 1, ?, ?, ?, ?, ? FROM af_inbox WHERE rid = ?
  HAVING EXISTS (SELECT 1 FROM af_runs WHERE rid = ?)
  ON CONFLICT (rid, key) WHERE kind = 'answer' DO NOTHING RETURNING id`;
const refuseSql = "UPDATE af_inbox SET kind = 'refused' WHERE rid = ? AND id = ? AND kind = 'answer'";
const awaitedSql = "SELECT 1 FROM af_waits WHERE rid = ? AND kind = ? AND topic = ?";
const columns = "id, kind, key, value, sender, at";
const answerSql = `SELECT ${columns} FROM af_inbox WHERE rid = ? AND kind = 'answer' AND key = ?
  AND EXISTS (SELECT 1 FROM af_runs WHERE rid = ?)`;
const readSql = `SELECT ${columns} FROM af_inbox WHERE rid = ? AND id > ? ORDER BY id`;
