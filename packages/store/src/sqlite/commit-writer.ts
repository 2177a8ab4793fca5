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
} from "@agentflow/core";
import { attemptColumns, attemptValues } from "../rows/attempt-values.ts";
import { checkIdentifier, runKey } from "../rows/identifiers.ts";
import { journalColumns, journalValues } from "../rows/journal-values.ts";
import { markColumns, markValues, snapshotColumns, snapshotValues } from "../rows/mark-values.ts";
import { stepColumns } from "../rows/step-values.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import type { RunNumbers } from "./run-numbers.ts";
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
}

/**
 * Writes commits over one connection (S4). Boundary: knows transactions and rows, not threads or queues.
 * 1. A member is fenced by the update of its head before any of its rows is inserted.
 * 2. A refused member has written nothing when the others are committed.
 * 3. An error undoes the whole transaction; then each member is tried alone, so that one cannot fail another.
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
    const rid = create === undefined ? this.#fence(member) : this.#create(member, create);
    if (rid === undefined) return this.#refusal(member);
    this.#insertRows(rid, member);
    return committed;
  }

  begin(): void {
    try {
      this.#begin.run();
    } catch (error) {
      throw sqliteError(error, this.#parts.path);
    }
  }

  finish(): void {
    this.#commit.run();
  }

  rollback(): void {
    this.#parts.runs.forget();
    this.#definitions.clear();
    // SQLite itself rolls back on some errors, such as a full disk.
    if (this.#parts.db.isTransaction) this.#parts.db.exec("ROLLBACK");
  }

  #alone(member: RunCommit, whenLocked: "throw" | "fail"): CommitResult {
    try {
      this.#begin.run();
      const result = this.apply(member);
      this.#commit.run();
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
      this.#commit.run();
      return results;
    } catch (error) {
      this.rollback();
      if (error instanceof InvariantError) throw error;
      // What went wrong comes back with the member that it happens to again.
      return undefined;
    }
  }

  #fence(member: RunCommit): number | undefined {
    const { progress, expectedSeq, release } = member;
    const run = this.#parts.runs.find(member.tenant, member.runId);
    if (run === undefined) return undefined;
    const usual =
      run.seq === expectedSeq &&
      run.epoch === progress.epoch &&
      run.status === progress.status &&
      run.recoveries === progress.recoveries &&
      run.round === progress.round &&
      run.wakeAt === progress.wakeAt &&
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
        ).changes === 1
      : this.#replaceHead(run.rid, member);
    if (!passed) return undefined;
    run.seq = progress.seq;
    if (!usual) {
      run.epoch = progress.epoch;
      run.status = progress.status;
      run.recoveries = progress.recoveries;
      run.round = progress.round;
      run.wakeAt = progress.wakeAt;
    }
    return run.rid;
  }

  #replaceHead(rid: number, member: RunCommit): boolean {
    const { progress, expectedSeq, release } = member;
    const sql = release === true ? replaceAndReleaseSql : replaceSql;
    const changes = this.#parts.statements.change(
      sql,
      ...progressValues(progress),
      rid,
      expectedSeq,
      progress.epoch,
    );
    return changes === 1;
  }

  /** Undefined when the run id is taken. */
  #create(member: RunCommit, create: Creation): number | undefined {
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
    statements.change(insertHeadSql, ...progressValues(progress), rid, progress.epoch, owner ?? null, tenant);
    this.#define(tenant, origin.fingerprint, create.definition);
    runs.add(tenant, runId, rid, progress);
    return rid;
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
  const keys = members.map((member) => runKey(member.tenant, member.runId));
  return [...members.keys()].sort((a, b) => compare(keys[a], keys[b]) || a - b);
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === b || a === undefined || b === undefined) return 0;
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

const fence = "WHERE rid = ? AND seq = ? AND epoch = ?";

// The usual commit leaves status and other rare columns alone, and with them the index over status.
const advanceSql = `UPDATE af_runs SET seq = ?, events = ?, emitted_seq = ?, budget_ms = ?, steps = ?, updated_at = ? ${fence}`;

const assignments = progressColumns.map((column) => `${column} = ?`).join(", ");
const replaceSql = `UPDATE af_runs SET ${assignments} ${fence}`;
const replaceAndReleaseSql = `UPDATE af_runs SET ${assignments}, owner = NULL ${fence}`;

const insertHeadSql = insert("af_runs", [...progressColumns, "rid", "epoch", "owner", "tenant"].join(", "));
const insertOriginSql = `${insert(
  "af_origins",
  "tenant, run_id, workflow, version, fingerprint, seed, created_at, labels, input",
)} ON CONFLICT (tenant, run_id) DO NOTHING`;
const insertStepSql = insert("af_steps", `rid, ${stepColumns}`);
const insertJournalSql = insert("af_journal", `rid, ${journalColumns}`);
const insertAttemptSql = insert("af_attempts", `rid, ${attemptColumns}`);
const insertMarkSql = insert("af_marks", `rid, ${markColumns}`);
// A migration replaces the snapshot of its seal; any other is written again with the same content.
const insertSnapshotSql = insert("af_snapshots", `rid, ${snapshotColumns}`).replace(
  "INSERT",
  "INSERT OR REPLACE",
);
// A blob is determined by its hash: writing it again changes nothing.
const insertBlobSql = `${insert("af_blobs", "rid, hash, json")} ON CONFLICT DO NOTHING`;

function insert(table: string, columns: string): string {
  const marks = columns.split(",").map(() => "?");
  return `INSERT INTO ${table} (${columns}) VALUES (${marks.join(", ")})`;
}
