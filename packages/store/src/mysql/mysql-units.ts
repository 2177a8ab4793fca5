import type { CommitResult, RunCommit, SqlValue } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import { waitKeyValues } from "../rows/wait-values.ts";
import { wakeAtOf } from "../rows/wake-at.ts";
import type { CommitUnit } from "../sql/commit-units.ts";
import { DefinitionTable } from "../sql/definition-table.ts";
import type { PassedUnits, UnitWriter } from "../sql/group-writer.ts";
import type { PooledDatabase } from "../sql/pooled-database.ts";
import { refusalOf } from "../sql/refusal.ts";
import {
  originColumns,
  originValues,
  progressColumns,
  progressValues,
  type RowKind,
  rowKinds,
  waitKind,
} from "../sql/row-kinds.ts";
import type { SessionUnits } from "../sql/server-transaction.ts";
import type { SqlSession, SqlStatement } from "../sql/sql-database.ts";
import {
  conditionalInserts,
  insertStatements,
  lengthMaxOf,
  type MultiRowInsert,
} from "./multi-row-insert.ts";
import { RunNumberCache } from "./run-number-cache.ts";

/** A unit at its place in the wave. */
interface Placed {
  readonly place: number;
  readonly commit: RunCommit;
}

/** A unit whose run is known by its number. */
interface Numbered extends Placed {
  readonly rid: number;
}

/** A unit that has passed its fence, with the id of the newest row of its run's inbox. */
interface Passed extends Numbered {
  readonly inbox: number;
}

/** How the first batch begins its transaction and the last one ends it; nothing where another one is open. */
interface Frame {
  readonly begin: readonly SqlStatement[];
  readonly commit: readonly SqlStatement[];
}

const ownFrame: Frame = { begin: [{ sql: "BEGIN" }], commit: [{ sql: "COMMIT" }] };
const noFrame: Frame = { begin: [], commit: [] };

// Rows of one commit that go in one by one where its head has passed; more of them are worth another round trip.
const rowsAlongMax = 8;

/**
 * Applies commits on MySQL and MariaDB: a group is one transaction of multi-row statements (STO-4), sent in as few
 * round trips as its fences allow. Heads are locked in the order of their numbers, so that batches of two processes do
 * not deadlock.
 */
export class MysqlUnits implements UnitWriter, SessionUnits {
  readonly #database: PooledDatabase;
  readonly #lengthMax: number;
  readonly #numbers = new RunNumberCache();
  readonly #definitions = new DefinitionTable(
    `INSERT INTO af_definitions (tenant, fingerprint, json) VALUES (?, ?, ?)
      ON DUPLICATE KEY UPDATE fingerprint = fingerprint`,
  );

  constructor(database: PooledDatabase, packetBytesMax: number) {
    this.#database = database;
    this.#lengthMax = lengthMaxOf(packetBytesMax);
  }

  async apply(units: readonly CommitUnit[]): Promise<PassedUnits | "taken"> {
    try {
      const missing = this.#definitions.missing(units);
      // Ahead of the transaction, so that no batch waits for another's lock on a definition.
      if (missing.length > 0)
        await this.#database.repeatable((session) => this.#definitions.store(session, missing));
      return await this.#database.repeatableBatches((session) => this.#applyIn(session, units, ownFrame));
    } catch (error) {
      if (this.#database.pool.isRowTaken(error)) return "taken";
      throw error;
    }
  }

  applyIn(session: SqlSession, units: readonly CommitUnit[]): Promise<PassedUnits> {
    return this.#applyIn(session, units, noFrame);
  }

  refusal(commit: RunCommit): Promise<CommitResult> {
    this.#numbers.forget(keyOf(commit));
    return this.#database.snapshot((session) => refusalOf(session, commit));
  }

  async #applyIn(session: SqlSession, units: readonly CommitUnit[], frame: Frame): Promise<PassedUnits> {
    const placed = units.map(({ commit }, place): Placed => ({ place, commit }));
    const created = placed.filter(({ commit }) => commit.create !== undefined);
    const known = await this.#numbered(
      session,
      placed.filter(({ commit }) => commit.create === undefined),
    );
    const one = created.length === 0 ? await this.#applyOne(session, known, frame) : undefined;
    const passed = one === undefined ? await this.#applyAll(session, created, known, frame) : [one];
    return new Map(passed.map(({ place, inbox }) => [place, inbox]));
  }

  /**
   * The usual commit of one run in one round trip: its rows go in where its head has passed the fence. That nothing new
   * has come in is part of the fence: asking for it apart would cost each commit a statement.
   */
  async #applyOne(
    session: SqlSession,
    known: readonly Numbered[],
    frame: Frame,
  ): Promise<Passed | undefined> {
    const [only] = known;
    if (only === undefined || known.length > 1) return undefined;
    const { inboxSeen, waits } = only.commit;
    if (inboxSeen === undefined || waits !== undefined || rowCount(only.commit) > rowsAlongMax)
      return undefined;
    const results = await session.batch([
      ...frame.begin,
      { sql: fenceSql, values: fenceRow(only, inboxSeen) },
      { sql: "SET @af_passed = ROW_COUNT()" },
      ...rowKinds.flatMap((kind) => conditionalInserts(this.#insertOf(kind, [only]), "@af_passed = 1")),
      ...frame.commit,
    ]);
    return results[frame.begin.length]?.changes === 1 ? { ...only, inbox: inboxSeen } : undefined;
  }

  /** Locks and looks, then writes what may be written: two round trips, or three where runs are created. */
  async #applyAll(
    session: SqlSession,
    created: readonly Placed[],
    known: readonly Numbered[],
    frame: Frame,
  ): Promise<readonly Passed[]> {
    const { heads, taken } = await look(session, created, known, frame);
    const fenced = known.flatMap((unit): Passed[] => {
      const head = heads.get(unit.rid);
      const { expectedSeq, progress } = unit.commit;
      const passes = head?.seq === expectedSeq && head.epoch === progress.epoch;
      return passes ? [{ ...unit, inbox: head.inbox }] : [];
    });
    const news = await this.#number(
      session,
      created.filter(({ commit }) => !taken.has(keyOf(commit))),
    );
    const passed = [...news, ...fenced];
    await session.batch([
      ...this.#insert({
        table: "af_runs",
        columns: [...headColumns, "created_at", "workflow"],
        rows: news.map((unit) => [...headRow(unit), ...listedBy(unit)]),
      }),
      ...this.#insert({
        table: "af_runs",
        columns: headColumns,
        rows: fenced.map(headRow),
        overwrite: progressColumns,
      }),
      ...releases(fenced),
      ...rowKinds.flatMap((kind) => insertStatements(this.#insertOf(kind, passed))),
      ...this.#waitChanges(passed),
      ...frame.commit,
    ]);
    return passed;
  }

  /** Gives new runs their numbers. */
  async #number(session: SqlSession, units: readonly Placed[]): Promise<readonly Passed[]> {
    if (units.length === 0) return [];
    const origins = this.#insert({
      table: "af_origins",
      columns: ["run_key", "tenant", "run_id", ...originColumns],
      rows: units.map(({ commit }) => originRow(commit)),
    });
    const results = await session.batch([
      ...origins,
      numbersStatement(units.map(({ commit }) => keyOf(commit))),
    ]);
    const numbers = new Map(results.at(-1)?.rows.map(([key, rid]) => [key as string, rid as number]));
    return units.map((unit): Passed => {
      const rid = numbers.get(keyOf(unit.commit)) ?? 0;
      this.#numbers.keep(keyOf(unit.commit), rid);
      return { ...unit, rid, inbox: 0 };
    });
  }

  /** What the runs wait for. */
  #waitChanges(passed: readonly Passed[]): readonly SqlStatement[] {
    const changed = passed.filter(({ commit }) => commit.waits !== undefined);
    const deletes = changed.flatMap(({ rid, commit }): readonly SqlStatement[] => {
      const { ended = [], none } = commit.waits ?? {};
      return [
        ...(none === true ? [{ sql: "DELETE FROM af_waits WHERE rid = ?", values: [rid] }] : []),
        ...ended.map((key) => ({ sql: deleteWaitSql, values: [rid, ...waitKeyValues(key)] })),
      ];
    });
    const { columns } = waitKind;
    return [...deletes, ...insertStatements({ ...this.#insertOf(waitKind, changed), overwrite: columns })];
  }

  #insertOf(kind: RowKind, units: readonly Numbered[]): MultiRowInsert {
    const { table, columns, whenThere, valuesOf } = kind;
    const others = columns.filter((column) => !whenThere?.key.includes(column));
    return {
      table,
      columns: ["rid", ...columns],
      rows: units.flatMap(({ rid, commit }) => valuesOf(commit).map((values) => [rid, ...values])),
      lengthMax: this.#lengthMax,
      ...(whenThere === undefined ? {} : { overwrite: whenThere.does === "keep" ? [] : others }),
    };
  }

  #insert(insert: Omit<MultiRowInsert, "lengthMax">): readonly SqlStatement[] {
    return insertStatements({ ...insert, lengthMax: this.#lengthMax });
  }

  async #numbered(session: SqlSession, units: readonly Placed[]): Promise<readonly Numbered[]> {
    const unknown = units
      .map(({ commit }) => keyOf(commit))
      .filter((key) => this.#numbers.find(key) === undefined);
    for (const [key, rid] of await readNumbers(session, unknown)) this.#numbers.keep(key, rid);
    return units.flatMap((unit) => {
      const rid = this.#numbers.find(keyOf(unit.commit));
      return rid === undefined ? [] : [{ ...unit, rid }];
    });
  }
}

async function readNumbers(
  session: SqlSession,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map();
  const { sql, values } = numbersStatement(keys);
  const rows = await session.rows(sql, ...values);
  return new Map(rows.map(([key, rid]) => [key as string, rid as number]));
}

function numbersStatement(keys: readonly string[]) {
  return { sql: `SELECT run_key, rid FROM af_origins WHERE run_key IN (${marks(keys)})`, values: keys };
}

/** A head as it is stored. */
interface Head {
  readonly seq: SqlValue | undefined;
  readonly epoch: SqlValue | undefined;
  readonly inbox: number;
}

/** Begins; locks the heads in the order of their numbers, and finds the ids that are taken. */
async function look(
  session: SqlSession,
  created: readonly Placed[],
  known: readonly Numbered[],
  frame: Frame,
): Promise<{ readonly heads: ReadonlyMap<SqlValue, Head>; readonly taken: ReadonlySet<SqlValue> }> {
  const lock = {
    sql: `SELECT rid, seq, epoch, inbox FROM af_runs WHERE rid IN (${marks(known)}) ORDER BY rid FOR UPDATE`,
    values: known.map(({ rid }) => rid),
  };
  const numbers = numbersStatement(created.map(({ commit }) => keyOf(commit)));
  const looks = [...(known.length === 0 ? [] : [lock]), ...(created.length === 0 ? [] : [numbers])];
  const results = (await session.batch([...frame.begin, ...looks])).slice(frame.begin.length);
  const heads = known.length === 0 ? [] : (results[0]?.rows ?? []);
  const taken = created.length === 0 ? [] : (results.at(-1)?.rows ?? []);
  return {
    heads: new Map(
      heads.map(([rid = null, seq, epoch, inbox]) => [rid, { seq, epoch, inbox: inbox as number }]),
    ),
    taken: new Set(taken.map(([key = null]) => key)),
  };
}

/** Statements that give back the runs whose commits say so. */
function releases(fenced: readonly Passed[]): readonly SqlStatement[] {
  const released = fenced.filter(({ commit }) => commit.release === true).map(({ rid }) => rid);
  if (released.length === 0) return [];
  return [{ sql: `UPDATE af_runs SET owner = NULL WHERE rid IN (${marks(released)})`, values: released }];
}

function rowCount(commit: RunCommit): number {
  return rowKinds.reduce((count, kind) => count + kind.valuesOf(commit).length, 0);
}

function keyOf({ tenant, runId }: RunCommit): string {
  return runKey(tenant, runId);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

function originRow(commit: RunCommit): readonly SqlValue[] {
  const { tenant, runId, create } = commit;
  return [keyOf(commit), tenant, runId, ...(create === undefined ? [] : originValues(create))];
}

const headColumns = ["rid", "tenant", "epoch", "owner", ...progressColumns];

function headRow({ rid, commit, inbox }: Passed): readonly SqlValue[] {
  const { tenant, progress, create, release } = commit;
  const owner = release === true ? null : (create?.owner ?? null);
  const after = { ...progress, wakeAt: wakeAtOf(commit, inbox) };
  return [rid, tenant, progress.epoch, owner, ...progressValues(after)];
}

/** What lists of runs are found by besides their status. */
function listedBy({ commit }: Numbered): readonly SqlValue[] {
  const { create } = commit;
  return create === undefined ? [] : [create.origin.createdAt, create.origin.workflow];
}

const assignments = progressColumns.map((column) => `${column} = ?`).join(", ");
const fenceSql = `UPDATE af_runs SET ${assignments}, owner = CASE WHEN ? = 1 THEN NULL ELSE owner END
  WHERE rid = ? AND seq = ? AND epoch = ? AND inbox = ?`;

function fenceRow({ rid, commit }: Numbered, inbox: number): readonly SqlValue[] {
  const { progress, release, expectedSeq } = commit;
  return [...progressValues(progress), release === true ? 1 : 0, rid, expectedSeq, progress.epoch, inbox];
}

const deleteWaitSql =
  "DELETE FROM af_waits WHERE rid = ? AND scope = ? AND superstep = ? AND ordinal = ? AND entry = ?";
