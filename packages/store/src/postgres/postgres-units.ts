import type { CommitResult, RunCommit } from "@agentflow/core";
import type { CommitUnit } from "../sql/commit-units.ts";
import { DefinitionTable } from "../sql/definition-table.ts";
import type { PassedUnits, UnitWriter } from "../sql/group-writer.ts";
import type { PooledDatabase } from "../sql/pooled-database.ts";
import { refusalOf } from "../sql/refusal.ts";
import type { SessionUnits } from "../sql/server-transaction.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { commitStatement } from "./commit-statement.ts";

/** Applies commits on PostgreSQL: a group is one statement, and so one transaction (STO-4). */
export class PostgresUnits implements UnitWriter, SessionUnits {
  readonly #database: PooledDatabase;
  readonly #definitions = new DefinitionTable(
    "INSERT INTO af_definitions (tenant, fingerprint, json) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );

  constructor(database: PooledDatabase) {
    this.#database = database;
  }

  async apply(units: readonly CommitUnit[]): Promise<PassedUnits | "taken"> {
    try {
      return await this.#database.repeatable((session) => this.applyIn(session, units));
    } catch (error) {
      if (this.#database.pool.isRowTaken(error)) return "taken";
      throw error;
    }
  }

  async applyIn(session: SqlSession, units: readonly CommitUnit[]): Promise<PassedUnits> {
    // Ahead of the runs that need them, so that no batch waits for another's lock on a definition.
    await this.#definitions.store(session, this.#definitions.missing(units));
    const { sql, parameters } = commitStatement(units);
    const rows = await session.rows(sql, ...parameters);
    return new Map(rows.map(([member, inbox]) => [member as number, inbox as number]));
  }

  refusal(commit: RunCommit): Promise<CommitResult> {
    return this.#database.snapshot((session) => refusalOf(session, commit));
  }
}
