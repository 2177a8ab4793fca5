import type { CommitResult, RunCommit } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { CommitUnit } from "../sql/commit-units.ts";
import type { UnitWriter } from "../sql/group-writer.ts";
import { refusalOf } from "../sql/refusal.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { commitStatement } from "./commit-statement.ts";
import type { PostgresDatabase } from "./postgres-database.ts";
import { isRowTaken } from "./postgres-error.ts";

const definitionsKnownMax = 1_000;

/** Applies commits on PostgreSQL: a group is one statement, and so one transaction (STO-4). */
export class PostgresUnits implements UnitWriter {
  readonly #database: PostgresDatabase;
  readonly #definitions = new Set<string>();

  constructor(database: PostgresDatabase) {
    this.#database = database;
  }

  async apply(units: readonly CommitUnit[]): Promise<ReadonlySet<number> | "taken"> {
    try {
      return await this.#database.repeatable((session) => this.applyIn(session, units));
    } catch (error) {
      if (isRowTaken(error)) return "taken";
      throw error;
    }
  }

  /** Applies units inside a transaction of the caller, or as one of their own. */
  async applyIn(session: SqlSession, units: readonly CommitUnit[]): Promise<ReadonlySet<number>> {
    for (const { commit } of units) if (commit.create !== undefined) await this.#define(session, commit);
    const { sql, parameters } = commitStatement(units);
    const rows = await session.rows(sql, ...parameters);
    return new Set(rows.map(([member]) => member as number));
  }

  refusal(commit: RunCommit): Promise<CommitResult> {
    return this.#database.snapshot((session) => refusalOf(session, commit));
  }

  /** Stores a definition ahead of the runs that need it, so that no batch waits for another's lock on it. */
  async #define(session: SqlSession, { tenant, create }: RunCommit): Promise<void> {
    if (create === undefined) return;
    const { fingerprint } = create.origin;
    const key = runKey(tenant, fingerprint);
    if (this.#definitions.has(key)) return;
    await session.change(defineSql, tenant, fingerprint, create.definition);
    if (this.#definitions.size >= definitionsKnownMax) this.#definitions.clear();
    this.#definitions.add(key);
  }
}

const defineSql =
  "INSERT INTO af_definitions (tenant, fingerprint, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
