import type { DatabaseSync } from "node:sqlite";
import {
  type RecordRow,
  type RunHead,
  type RunStore,
  type ScopeRecord,
  StoreCorruptError,
  type StoredRows,
} from "@agentflow/core";
import { attemptColumns, attemptFrom } from "../rows/attempt-values.ts";
import { headColumns, headFrom } from "../rows/head-values.ts";
import { journalColumns, journalFrom } from "../rows/journal-values.ts";
import { markColumns, markFrom, snapshotColumns, snapshotFrom } from "../rows/mark-values.ts";
import { stepColumns, stepFrom } from "../rows/step-values.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import { pagesOf, rowsAfter } from "./rows-after.ts";
import type { RunNumbers } from "./run-numbers.ts";

const emptyScope: ScopeRecord = Object.freeze({ snapshot: undefined, steps: [], journal: [], attempts: [] });

/** Reads the rows of single runs over one connection. Throws what SQLite throws. */
export class RunReader {
  readonly #db: DatabaseSync;
  readonly #statements: PreparedStatements;
  readonly #runs: RunNumbers;

  constructor(db: DatabaseSync, statements: PreparedStatements, runs: RunNumbers) {
    this.#db = db;
    this.#statements = statements;
    this.#runs = runs;
  }

  readHead(tenant: string, runId: string): RunHead | undefined {
    const run = this.#runs.find(tenant, runId);
    if (run === undefined) return undefined;
    const values = this.#statements.row(headSql, run.rid);
    if (values !== undefined) return headFrom(values);
    const renewed = this.#runs.renew(tenant, runId);
    return renewed && this.readHead(tenant, runId);
  }

  readScope(request: Parameters<RunStore["readScope"]>[0]): ScopeRecord {
    const { tenant, runId, scope, from, upTo = Number.MAX_SAFE_INTEGER } = request;
    const rid = this.#runs.find(tenant, runId)?.rid;
    if (rid === undefined) return emptyScope;
    return this.#atOnce(() => {
      const newest = from === "snapshot" ? this.#statements.row(snapshotSql, rid, scope, upTo) : undefined;
      const snapshot = newest && snapshotFrom(newest);
      const range = [rid, scope, snapshot?.superstep ?? -1, upTo] as const;
      return {
        snapshot,
        steps: this.#statements.rows(scopeStepsSql, ...range).map(stepFrom),
        journal: this.#statements.rows(scopeJournalSql, ...range).map(journalFrom),
        attempts: this.#statements.rows(scopeAttemptsSql, ...range).map(attemptFrom),
      };
    });
  }

  readRecords(request: Parameters<RunStore["readRecords"]>[0]): readonly RecordRow[] {
    const { tenant, runId, afterEvent, limit } = request;
    const rid = this.#runs.find(tenant, runId)?.rid;
    if (rid === undefined) return [];
    const page = { rid, afterEvent, limit };
    const found = this.#atOnce((): RecordRow[] => [
      ...rowsAfter(this.#statements, stepPages, page).map(stepRecord),
      ...rowsAfter(this.#statements, journalPages, page).map(journalRecord),
      ...rowsAfter(this.#statements, attemptPages, page).map(attemptRecord),
      ...this.#statements.rows(markRecordsSql, rid, afterEvent, limit).map(markRecord),
    ]);
    return found.sort((a, b) => a.row.event - b.row.event).slice(0, limit);
  }

  readBlobs(tenant: string, runId: string, hashes: readonly string[]): ReadonlyMap<string, string> {
    const rid = this.#runs.find(tenant, runId)?.rid ?? 0;
    const found = new Map<string, string>();
    for (const hash of hashes) {
      const values = this.#statements.row("SELECT json FROM af_blobs WHERE rid = ? AND hash = ?", rid, hash);
      if (values === undefined) throw new StoreCorruptError(`Run ${runId} lacks the value ${hash}.`);
      found.set(hash, values[0] as string);
    }
    return found;
  }

  readDefinition(tenant: string, fingerprint: string): string | undefined {
    if (!tenant.isWellFormed()) return undefined;
    const values = this.#statements.row(
      "SELECT json FROM af_definitions WHERE tenant = ? AND fingerprint = ?",
      tenant,
      fingerprint,
    );
    return values?.[0] as string | undefined;
  }

  /** What the run holds at single positions, for the classification of a refused commit. */
  storedRows(tenant: string, runId: string): StoredRows {
    const rid = this.#runs.find(tenant, runId)?.rid ?? 0;
    const statements = this.#statements;
    return {
      step({ scope, superstep, ordinal }) {
        const values = statements.row(oneStepSql, rid, scope, superstep, ordinal);
        return values && stepFrom(values);
      },
      journal({ scope, superstep, ordinal, entry }) {
        const place = [rid, scope, superstep, ordinal, entry.index, entry.kind] as const;
        const values = statements.row(oneJournalSql, ...place);
        return values && journalFrom(values);
      },
      attempt({ scope, superstep, ordinal, round, attempt }) {
        const values = statements.row(oneAttemptSql, rid, scope, superstep, ordinal, round, attempt);
        return values && attemptFrom(values);
      },
      mark(event) {
        const values = statements.row(oneMarkSql, rid, event);
        return values && markFrom(values);
      },
    };
  }

  /** Data of the run's first event. */
  readStarted(rid: number): string | undefined {
    return (this.#statements.row(startedSql, rid)?.[0] ?? undefined) as string | undefined;
  }

  /** Several reads of one state, whatever other connections commit meanwhile. */
  #atOnce<T>(read: () => T): T {
    if (this.#db.isTransaction) return read();
    this.#statements.of("BEGIN").run();
    try {
      return read();
    } finally {
      if (this.#db.isTransaction) this.#statements.of("COMMIT").run();
    }
  }
}

function stepRecord(values: Parameters<typeof stepFrom>[0]): RecordRow {
  return { kind: "step", row: stepFrom(values) };
}

function journalRecord(values: Parameters<typeof journalFrom>[0]): RecordRow {
  return { kind: "journal", row: journalFrom(values) };
}

function attemptRecord(values: Parameters<typeof attemptFrom>[0]): RecordRow {
  return { kind: "attempt", row: attemptFrom(values) };
}

function markRecord(values: Parameters<typeof markFrom>[0]): RecordRow {
  return { kind: "mark", row: markFrom(values) };
}

const headSql = `SELECT ${headColumns} FROM af_origins o JOIN af_runs r USING (rid) WHERE rid = ?`;
const startedSql = "SELECT data FROM af_marks WHERE rid = ? AND event = 1 AND type = 'run.started'";
const snapshotSql = `SELECT ${snapshotColumns} FROM af_snapshots
  WHERE rid = ? AND scope = ? AND superstep <= ? ORDER BY superstep DESC LIMIT 1`;

const inScope =
  "WHERE rid = ? AND scope = ? AND superstep > ? AND superstep <= ? ORDER BY superstep, ordinal";
const scopeStepsSql = `SELECT ${stepColumns} FROM af_steps ${inScope}`;
const scopeJournalSql = `SELECT ${journalColumns} FROM af_journal ${inScope}, event`;
const scopeAttemptsSql = `SELECT ${attemptColumns} FROM af_attempts ${inScope}, event`;

const stepPages = pagesOf("af_steps", stepColumns);
const journalPages = pagesOf("af_journal", journalColumns);
const attemptPages = pagesOf("af_attempts", attemptColumns);
const markRecordsSql = `SELECT ${markColumns} FROM af_marks WHERE rid = ? AND event > ? ORDER BY event LIMIT ?`;

const atPosition = "WHERE rid = ? AND scope = ? AND superstep = ? AND ordinal = ?";
const oneStepSql = `SELECT ${stepColumns} FROM af_steps ${atPosition}`;
const oneJournalSql = `SELECT ${journalColumns} FROM af_journal ${atPosition} AND entry = ? AND kind = ?`;
const oneAttemptSql = `SELECT ${attemptColumns} FROM af_attempts ${atPosition} AND round = ? AND attempt = ?`;
const oneMarkSql = `SELECT ${markColumns} FROM af_marks WHERE rid = ? AND event = ?`;
