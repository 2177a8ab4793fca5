import type { CommitResult, RunCommit, SqlValue } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { CommitUnit } from "../sql/commit-units.ts";
import { DefinitionTable } from "../sql/definition-table.ts";
import type { UnitWriter } from "../sql/group-writer.ts";
import type { PooledDatabase } from "../sql/pooled-database.ts";
import { refusalOf } from "../sql/refusal.ts";
import { originColumns, originValues, progressColumns, progressValues, rowKinds } from "../sql/row-kinds.ts";
import type { SessionUnits } from "../sql/server-transaction.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { insertRows } from "./multi-row-insert.ts";
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

/**
 * Applies commits on MySQL and MariaDB: a group is one transaction of multi-row statements (STO-4). Heads are locked
 * in the order of their numbers, so that batches of two processes do not deadlock.
 */
export class MysqlUnits implements UnitWriter, SessionUnits {
  readonly #database: PooledDatabase;
  readonly #numbers = new RunNumberCache();
  readonly #definitions = new DefinitionTable(
    `INSERT INTO af_definitions (tenant, fingerprint, json) VALUES (?, ?, ?)
      ON DUPLICATE KEY UPDATE fingerprint = fingerprint`,
  );

  constructor(database: PooledDatabase) {
    this.#database = database;
  }

  async apply(units: readonly CommitUnit[]): Promise<ReadonlySet<number> | "taken"> {
    try {
      const missing = this.#definitions.missing(units);
      // Ahead of the transaction, so that no batch waits for another's lock on a definition.
      if (missing.length > 0)
        await this.#database.repeatable((session) => this.#definitions.store(session, missing));
      return await this.#database.repeatableTransaction((session) => this.applyIn(session, units));
    } catch (error) {
      if (this.#database.pool.isRowTaken(error)) return "taken";
      throw error;
    }
  }

  async applyIn(session: SqlSession, units: readonly CommitUnit[]): Promise<ReadonlySet<number>> {
    const placed = units.map(({ commit }, place): Placed => ({ place, commit }));
    const created = await this.#create(
      session,
      placed.filter(({ commit }) => commit.create !== undefined),
    );
    const fenced = await this.#fence(
      session,
      placed.filter(({ commit }) => commit.create === undefined),
    );
    const passed = [...created, ...fenced];
    for (const kind of rowKinds) {
      const rows = passed.flatMap(({ rid, commit }) =>
        kind.valuesOf(commit).map((values) => [rid, ...values]),
      );
      const { table, columns, whenThere } = kind;
      const others = columns.filter((column) => !whenThere?.key.includes(column));
      await insertRows(session, {
        table,
        columns: ["rid", ...columns],
        rows,
        ...(whenThere === undefined ? {} : { overwrite: whenThere.does === "keep" ? [] : others }),
      });
    }
    return new Set(passed.map(({ place }) => place));
  }

  refusal(commit: RunCommit): Promise<CommitResult> {
    this.#numbers.forget(keyOf(commit));
    return this.#database.snapshot((session) => refusalOf(session, commit));
  }

  /** Creates the runs whose ids are free. */
  async #create(session: SqlSession, units: readonly Placed[]): Promise<readonly Numbered[]> {
    if (units.length === 0) return [];
    const there = await readNumbers(
      session,
      units.map(({ commit }) => keyOf(commit)),
    );
    const free = units.filter(({ commit }) => !there.has(keyOf(commit)));
    await insertRows(session, {
      table: "af_origins",
      columns: ["run_key", "tenant", "run_id", ...originColumns],
      rows: free.map(({ commit }) => originRow(commit)),
    });
    const numbers = await readNumbers(
      session,
      free.map(({ commit }) => keyOf(commit)),
    );
    const created = free.map((unit): Numbered => ({ ...unit, rid: numbers.get(keyOf(unit.commit)) ?? 0 }));
    await insertRows(session, { table: "af_runs", columns: headColumns, rows: created.map(headRow) });
    for (const { commit, rid } of created) this.#numbers.keep(keyOf(commit), rid);
    return created;
  }

  /** Advances the heads that have the expected seq and epoch. */
  async #fence(session: SqlSession, units: readonly Placed[]): Promise<readonly Numbered[]> {
    if (units.length === 0) return [];
    const known = await this.#numbered(session, units);
    const [only] = known;
    if (known.length === 1 && only !== undefined) {
      const changes = await session.change(fenceSql, ...fenceRow(only));
      return changes === 1 ? known : [];
    }
    if (only === undefined) return [];
    const heads = await session.rows(
      `SELECT rid, seq, epoch FROM af_runs WHERE rid IN (${marks(known)}) ORDER BY rid FOR UPDATE`,
      ...known.map(({ rid }) => rid),
    );
    const byNumber = new Map(heads.map(([rid, seq, epoch]) => [rid, { seq, epoch }]));
    const passed = known.filter(({ rid, commit }) => {
      const head = byNumber.get(rid);
      return head?.seq === commit.expectedSeq && head.epoch === commit.progress.epoch;
    });
    await insertRows(session, {
      table: "af_runs",
      columns: headColumns,
      rows: passed.map(headRow),
      overwrite: progressColumns,
    });
    const released = passed.filter(({ commit }) => commit.release === true);
    if (released.length > 0) {
      const sql = `UPDATE af_runs SET owner = NULL WHERE rid IN (${marks(released)})`;
      await session.change(sql, ...released.map(({ rid }) => rid));
    }
    return passed;
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
  const sql = `SELECT run_key, rid FROM af_origins WHERE run_key IN (${marks(keys)})`;
  const rows = await session.rows(sql, ...keys);
  return new Map(rows.map(([key, rid]) => [key as string, rid as number]));
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

function headRow({ rid, commit }: Numbered): readonly SqlValue[] {
  const { tenant, progress, create, release } = commit;
  const owner = release === true ? null : (create?.owner ?? null);
  return [rid, tenant, progress.epoch, owner, ...progressValues(progress)];
}

const assignments = progressColumns.map((column) => `${column} = ?`).join(", ");
const fenceSql = `UPDATE af_runs SET ${assignments}, owner = CASE WHEN ? = 1 THEN NULL ELSE owner END
  WHERE rid = ? AND seq = ? AND epoch = ?`;

function fenceRow({ rid, commit }: Numbered): readonly SqlValue[] {
  const { progress, release, expectedSeq } = commit;
  return [...progressValues(progress), release === true ? 1 : 0, rid, expectedSeq, progress.epoch];
}
