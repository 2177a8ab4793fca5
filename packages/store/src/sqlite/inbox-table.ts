import { type InboxRow, type InboxStore, RunNotFoundError, type SqlValue } from "@agentflow/core";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { RunNumbers } from "./run-numbers.ts";

type Put = Parameters<InboxStore["put"]>[0];
type PutResult = Awaited<ReturnType<InboxStore["put"]>>;

/** Inboxes over one connection (S13, S21). Each change is one statement, so that no lock outlives a call. */
export class InboxTable {
  readonly #statements: PreparedStatements;
  readonly #runs: RunNumbers;

  constructor(statements: PreparedStatements, runs: RunNumbers) {
    this.#statements = statements;
    this.#runs = runs;
  }

  /** Throws RunNotFoundError. */
  put({ tenant, runId, row }: Put): PutResult {
    const run = this.#runs.find(tenant, runId);
    if (run === undefined) throw new RunNotFoundError(`There is no run ${runId}.`);
    const { kind, key, value, by, at } = row;
    const stored = this.#statements.row(putSql, run.rid, kind, key, value, by ?? null, at, run.rid);
    if (stored !== undefined) return { kind: "stored", row: { id: stored[0] as number, ...row } };
    const earlier = this.#statements.row(answerSql, run.rid, key);
    if (earlier === undefined) throw new RunNotFoundError(`The run ${runId} was removed.`);
    return { kind: "answered", row: inboxFrom(earlier) };
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
  ON CONFLICT (rid, key) WHERE kind = 'answer' DO NOTHING RETURNING id`;
const columns = "id, kind, key, value, sender, at";
const answerSql = `SELECT ${columns} FROM af_inbox WHERE rid = ? AND kind = 'answer' AND key = ?`;
const readSql = `SELECT ${columns} FROM af_inbox WHERE rid = ? AND id > ? ORDER BY id`;
