import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type CommitResult,
  classifyConflict,
  InvariantError,
  invariant,
  type RunCommit,
  type RunProgress,
  type SqlValue,
  type StepRow,
  type WaitChanges,
} from "@agentflow/core";
import { attemptColumns, attemptValues } from "../rows/attempt-values.ts";
import { checkIdentifier, runKey } from "../rows/identifiers.ts";
import { journalColumns, journalValues } from "../rows/journal-values.ts";
import { markColumns, markValues, snapshotColumns, snapshotValues } from "../rows/mark-values.ts";
import { queuedColumns, queuedValues } from "../rows/queued-values.ts";
import { stepColumns } from "../rows/step-values.ts";
import { waitColumns, waitKeyValues, waitValues } from "../rows/wait-values.ts";
import { wakeAtOf } from "../rows/wake-at.ts";
import type { LogDoubt } from "./log-doubt.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { KnownRun, RunNumbers } from "./run-numbers.ts";
import type { RunReader } from "./run-reader.ts";
import { isBusy, isConstraint, sqliteError } from "./sqlite-error.ts";

type Creation = NonNullable<RunCommit["create"]>;

const committed: CommitResult = Object.freeze({ kind: "committed" });

const definitionsKnownMax = 1_000;

/** What a commit writer works with: one connection and what is known over it. */
export interface CommitWriterParts {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly statements: PreparedStatements;
  readonly runs: RunNumbers;
  readonly reader: RunReader;
  readonly doubt: LogDoubt;
  /** To be called before anything that syncs: makes the log sound again if it is in doubt. */
  readonly settleDoubt: () => void;
}

/**
 * Writes commits over one connection (S4). Boundary: knows transactions and rows, not threads or queues.
 * 1. A member is fenced by the update of its head before any of its rows is inserted.
 * 2. A refused member has written nothing when the others are committed.
 * 3. An error undoes the whole transaction; then each member is tried alone, so that one cannot fail another.
 * 4. After a failed sync nothing is committed before the log is sound again.
 */
export class CommitWriter {
  readonly #parts: CommitWriterParts;
  readonly #definitions = new Set<string>();
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #advance: StatementSync;
  readonly #insertStep: StatementSync;

  constructor(parts: CommitWriterParts) {
    this.#parts = parts;
    this.#begin = parts.statements.of("BEGIN IMMEDIATE");
    this.#commit = parts.statements.of("COMMIT");
    this.#advance = parts.statements.of(advanceSql);
    this.#insertStep = parts.statements.of(insertStepSql);
  }

  /** Results in the order of the members. Throws StoreLockedError when no member could be tried. */
  commit(members: readonly RunCommit[]): readonly CommitResult[] {
    const only = members[0];
    if (members.length === 1 && only !== undefined) return [this.#alone(only, "throw")];
    return this.#together(members) ?? members.map((member) => this.#alone(member, "fail"));
  }

  /** Applies one member inside a transaction that the caller opened. Throws what SQLite throws. */
  apply(member: RunCommit): CommitResult {
    const { progress, expectedSeq, create } = member;
    invariant(progress.seq === expectedSeq + 1, `Commit ${progress.seq} must follow ${expectedSeq}.`);
    const run = create === undefined ? this.#fence(member) : this.#create(member, create);
    if (run === undefined) return this.#refusal(member);
    const { rid, inbox } = run;
    this.#insertRows(rid, member);
    if (member.waits !== undefined) this.#changeWaits(rid, member.tenant, member.waits);
    return inbox > (member.inboxSeen ?? inbox) ? { kind: "committed", inbox } : committed;
  }

  /** Several statements as one transaction. Throws what they throw, and StoreLockedError before any was tried. */
  transaction<T>(work: () => T): T {
    this.begin();
    try {
      const value = work();
      this.finish();
      return value;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  begin(): void {
    try {
      this.#parts.settleDoubt();
      this.#begin.run();
    } catch (error) {
      throw sqliteError(error, this.#parts.path);
    }
  }

  finish(): void {
    try {
      this.#commit.run();
    } catch (error) {
      this.#parts.doubt.hear(error);
      throw error;
    }
  }

  rollback(): void {
    this.#parts.runs.forget();
    this.#definitions.clear();
    // SQLite itself rolls back on some errors, such as a full disk.
    if (this.#parts.db.isTransaction) this.#parts.db.exec("ROLLBACK");
  }

  #alone(member: RunCommit, whenLocked: "throw" | "fail"): CommitResult {
    try {
      this.#parts.settleDoubt();
      this.#begin.run();
      const result = this.apply(member);
      this.finish();
      return result;
    } catch (error) {
      this.rollback();
      if (error instanceof InvariantError) throw error;
      if (isConstraint(error)) return this.#refusal(member);
      if (isBusy(error) && whenLocked === "throw") throw sqliteError(error, this.#parts.path);
      return { kind: "failed", error: sqliteError(error, this.#parts.path) };
    }
  }

  /** Undefined when an error undid the transaction. */
  #together(members: readonly RunCommit[]): readonly CommitResult[] | undefined {
    this.begin();
    try {
      const results = new Array<CommitResult>(members.length);
      for (const index of inRunOrder(members)) {
        const member = members[index];
        if (member !== undefined) results[index] = this.apply(member);
      }
      this.finish();
      return results;
    } catch (error) {
      this.rollback();
      if (error instanceof InvariantError) throw error;
      // What went wrong comes back with the member that it happens to again.
      return undefined;
    }
  }

  /** Moves the head; undefined if it is not where the member expects it. */
  #fence(member: RunCommit): KnownRun | undefined {
    const { tenant, runId, inboxSeen } = member;
    const run = this.#parts.runs.find(tenant, runId);
    if (run === undefined) return undefined;
    // That nothing new has come in is part of the fence: asking for it apart would cost each commit a statement.
    if (inboxSeen !== undefined && this.#advanceHead(run, member, inboxSeen)) return run;
    const { expectedSeq, progress } = member;
    const row = this.#parts.statements.row(readInboxSql, run.rid, expectedSeq, progress.epoch);
    const inbox = row?.[0] as number | undefined;
    return inbox !== undefined && this.#advanceHead(run, member, inbox) ? run : undefined;
  }

  /** True if the head was where the member expects it, and its inbox has no row above `inbox`. */
  #advanceHead(run: KnownRun, member: RunCommit, inbox: number): boolean {
    const { progress, expectedSeq, release } = member;
    const usual =
      run.seq === expectedSeq &&
      run.epoch === progress.epoch &&
      run.status === progress.status &&
      run.recoveries === progress.recoveries &&
      run.round === progress.round &&
      run.wakeAt === progress.wakeAt &&
      run.inbox === inbox &&
      release !== true;
    const passed = usual
      ? this.#advance.run(
          progress.seq,
          progress.events,
          progress.emittedSeq,
          progress.budgetMs,
          progress.steps,
          progress.updatedAt,
          run.rid,
          expectedSeq,
          progress.epoch,
          inbox,
        ).changes === 1
      : this.#replaceHead(run.rid, member, inbox);
    if (!passed) return false;
    run.seq = progress.seq;
    if (!usual) {
      run.epoch = progress.epoch;
      run.status = progress.status;
      run.recoveries = progress.recoveries;
      run.round = progress.round;
      run.wakeAt = progress.wakeAt;
      run.inbox = inbox;
    }
    return true;
  }

  #replaceHead(rid: number, member: RunCommit, inbox: number): boolean {
    const { progress, expectedSeq, release } = member;
    const sql = release === true ? replaceAndReleaseSql : replaceSql;
    const values = progressValues({ ...progress, wakeAt: wakeAtOf(member, inbox) });
    const changes = this.#parts.statements.change(sql, ...values, rid, expectedSeq, progress.epoch, inbox);
    return changes === 1;
  }

  /** Undefined when the run id is taken. */
  #create(member: RunCommit, create: Creation): KnownRun | undefined {
    const { statements, runs } = this.#parts;
    const { tenant, runId, progress } = member;
    checkIdentifier("tenant", tenant);
    checkIdentifier("runId", runId);
    const { origin } = create;
    const inserted = statements
      .of(insertOriginSql)
      .run(
        tenant,
        runId,
        origin.workflow,
        origin.version,
        origin.fingerprint,
        origin.seed,
        origin.createdAt,
        origin.labels ?? null,
        origin.input,
      );
    if (inserted.changes === 0) return undefined;
    const rid = Number(inserted.lastInsertRowid);
    const owner = member.release === true ? undefined : create.owner;
    const { createdAt, workflow } = origin;
    const head = [rid, progress.epoch, owner ?? null, tenant, createdAt, workflow] as const;
    statements.change(insertHeadSql, ...progressValues(progress), ...head);
    this.#define(tenant, origin.fingerprint, create.definition);
    if (create.queued !== undefined)
      statements.change(insertQueuedSql, rid, ...queuedValues(tenant, create.queued));
    return runs.add(tenant, runId, rid, progress);
  }

  #define(tenant: string, fingerprint: string, definition: string): void {
    const key = runKey(tenant, fingerprint);
    if (this.#definitions.has(key)) return;
    this.#parts.statements.change(
      "INSERT OR IGNORE INTO af_definitions (tenant, fingerprint, json) VALUES (?, ?, ?)",
      tenant,
      fingerprint,
      definition,
    );
    if (this.#definitions.size >= definitionsKnownMax) this.#definitions.clear();
    this.#definitions.add(key);
  }

  #insertRows(rid: number, member: RunCommit): void {
    const { statements } = this.#parts;
    for (const row of member.steps) this.#writeStep(rid, row);
    for (const row of member.journal) statements.change(insertJournalSql, rid, ...journalValues(row));
    for (const row of member.attempts) statements.change(insertAttemptSql, rid, ...attemptValues(row));
    for (const row of member.marks) statements.change(insertMarkSql, rid, ...markValues(row));
    for (const row of member.snapshots) statements.change(insertSnapshotSql, rid, ...snapshotValues(row));
    for (const { hash, json } of member.blobs) statements.change(insertBlobSql, rid, hash, json);
  }

  /** The values of `stepValues` in its order, without a list in between: this runs once per step. */
  #writeStep(rid: number, row: StepRow): void {
    this.#insertStep.run(
      rid,
      row.scope,
      row.superstep,
      row.ordinal,
      row.seq,
      row.epoch,
      row.event,
      row.node,
      row.item,
      row.origin,
      row.edge,
      row.attempt,
      row.opens ? 1 : 0,
      row.startedAt,
      row.durationMs,
      row.delta,
      row.detail ?? null,
      row.seal ?? null,
    );
  }

  #changeWaits(rid: number, tenant: string, { begun, ended, none }: WaitChanges): void {
    const { statements } = this.#parts;
    if (none === true) statements.change("DELETE FROM af_waits WHERE rid = ?", rid);
    for (const key of ended) statements.change(deleteWaitSql, rid, ...waitKeyValues(key));
    for (const row of begun) statements.change(putWaitSql, rid, tenant, ...waitValues(row));
  }

  #refusal(member: RunCommit): CommitResult {
    const { reader } = this.#parts;
    return classifyConflict(
      member,
      reader.readHead(member.tenant, member.runId),
      reader.storedRows(member.tenant, member.runId),
    );
  }
}

/** Indexes of the members by run id, so that processes lock runs in one order; equal runs keep their order. */
function inRunOrder(members: readonly RunCommit[]): readonly number[] {
  return [...members.keys()].sort((a, b) => compareRuns(members[a], members[b]) || a - b);
}

function compareRuns(a: RunCommit | undefined, b: RunCommit | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.tenant === b.tenant ? compareTexts(a.runId, b.runId) : compareTexts(a.tenant, b.tenant);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function progressValues(progress: RunProgress): SqlValue[] {
  return [
    progress.seq,
    progress.events,
    progress.emittedSeq,
    progress.status,
    progress.recoveries,
    progress.round,
    progress.budgetMs,
    progress.steps,
    progress.updatedAt,
    progress.wakeAt ?? null,
  ];
}

const progressColumns = [
  "seq",
  "events",
  "emitted_seq",
  "status",
  "recoveries",
  "round",
  "budget_ms",
  "steps",
  "updated_at",
  "wake_at",
];

const place = "WHERE rid = ? AND seq = ? AND epoch = ?";
const fence = `${place} AND inbox = ?`;
const readInboxSql = `SELECT inbox FROM af_runs ${place}`;

// The usual commit leaves status and other rare columns alone, and with them the index over status.
const advanceSql = `UPDATE af_runs SET seq = ?, events = ?, emitted_seq = ?, budget_ms = ?, steps = ?, updated_at = ? ${fence}`;

const assignments = progressColumns.map((column) => `${column} = ?`).join(", ");
const replaceSql = `UPDATE af_runs SET ${assignments} ${fence}`;
const replaceAndReleaseSql = `UPDATE af_runs SET ${assignments}, owner = NULL ${fence}`;

const insertHeadSql = insert(
  "af_runs",
  [...progressColumns, "rid", "epoch", "owner", "tenant", "created_at", "workflow"].join(", "),
);
const insertOriginSql = `${insert(
  "af_origins",
  "tenant, run_id, workflow, version, fingerprint, seed, created_at, labels, input",
)} ON CONFLICT (tenant, run_id) DO NOTHING`;
const insertStepSql = insert("af_steps", `rid, ${stepColumns}`);
const insertQueuedSql = insert("af_queued", `rid, ${queuedColumns}`);
const insertJournalSql = insert("af_journal", `rid, ${journalColumns}`);
const insertAttemptSql = insert("af_attempts", `rid, ${attemptColumns}`);
const insertMarkSql = insert("af_marks", `rid, ${markColumns}`);
// A migration replaces the snapshot of its seal; any other is written again with the same content.
const insertSnapshotSql = insert("af_snapshots", `rid, ${snapshotColumns}`).replace(
  "INSERT",
  "INSERT OR REPLACE",
);
const putWaitSql = insert("af_waits", `rid, tenant, ${waitColumns}`).replace("INSERT", "INSERT OR REPLACE");
const deleteWaitSql =
  "DELETE FROM af_waits WHERE rid = ? AND scope = ? AND superstep = ? AND ordinal = ? AND entry = ?";
// A blob is determined by its hash: writing it again changes nothing.
const insertBlobSql = `${insert("af_blobs", "rid, hash, json")} ON CONFLICT DO NOTHING`;

function insert(table: string, columns: string): string {
  const marks = columns.split(",").map(() => "?");
  return `INSERT INTO ${table} (${columns}) VALUES (${marks.join(", ")})`;
}
