import {
  type CommitResult,
  invariant,
  type RunCommit,
  type SqlValue,
  StoreLockedError,
  StoreUnavailableError,
} from "@agentflow/core";
import type { CommitUnit } from "./commit-units.ts";
import { committedWith, type PassedUnits } from "./group-writer.ts";
import type { PooledDatabase } from "./pooled-database.ts";
import type { SqlConnection, SqlSession } from "./sql-database.ts";
import { checkUserStatement, type StatementRules } from "./user-statement.ts";
import type { TransactionOperations } from "./user-transaction.ts";

/** How commits are applied inside a transaction that is open already. */
export interface SessionUnits {
  applyIn(session: SqlSession, units: readonly CommitUnit[]): Promise<PassedUnits>;
  refusal(commit: RunCommit): Promise<CommitResult>;
}

/** What a transaction works with. */
export interface ServerTransactionParts {
  readonly database: PooledDatabase;
  readonly units: SessionUnits;
  readonly rules: StatementRules;
}

/** An effect and its commit as one transaction over one connection (S26). */
export class ServerTransaction implements TransactionOperations {
  readonly #parts: ServerTransactionParts;
  #connection: SqlConnection | undefined;
  #trouble: StoreLockedError | StoreUnavailableError | undefined;

  constructor(parts: ServerTransactionParts) {
    this.#parts = parts;
  }

  /** What ended the transaction on the server, so that nothing of it is left there, or perhaps all after its COMMIT. */
  get trouble(): StoreLockedError | StoreUnavailableError | undefined {
    return this.#trouble;
  }

  async beginTransaction(): Promise<void> {
    try {
      this.#connection = await this.#parts.database.beginUser();
    } catch (error) {
      throw this.#typed(error);
    }
  }

  async userAll(sql: string, parameters: readonly SqlValue[]): Promise<Record<string, SqlValue>[]> {
    return (await this.#user(sql, parameters)).rows;
  }

  async userRun(sql: string, parameters: readonly SqlValue[]): Promise<{ readonly changes: number }> {
    return { changes: (await this.#user(sql, parameters)).changes };
  }

  async finishTransaction(commit: RunCommit): Promise<CommitResult> {
    const inbox = await this.#apply(commit);
    if (inbox !== undefined) {
      await this.#end("COMMIT");
      return committedWith(commit, inbox);
    }
    await this.#end("ROLLBACK");
    return this.#parts.units.refusal(commit);
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#connection !== undefined) await this.#end("ROLLBACK");
  }

  /** The id of the newest row of the run's inbox; undefined if the commit was refused. */
  async #apply(commit: RunCommit): Promise<number | undefined> {
    const { database, units } = this.#parts;
    this.#checkIntact();
    try {
      return (await units.applyIn(this.#opened().session, [{ commit, members: [0] }])).get(0);
    } catch (error) {
      if (database.pool.isRowTaken(error)) return undefined;
      throw this.#typed(error);
    }
  }

  async #user(sql: string, parameters: readonly SqlValue[]): ReturnType<SqlConnection["user"]> {
    checkUserStatement(sql, this.#parts.rules);
    this.#checkIntact();
    try {
      return await this.#opened().user(sql, parameters);
    } catch (error) {
      throw this.#typed(error);
    }
  }

  /** Ends the transaction and gives the connection back; one that is lost has ended by itself. */
  async #end(sql: "COMMIT" | "ROLLBACK"): Promise<void> {
    const connection = this.#opened();
    try {
      if (!this.#isLost) await connection.control([sql]);
    } catch (error) {
      throw this.#typed(error);
    } finally {
      this.#connection = undefined;
      connection.release(this.#isLost);
    }
  }

  get #isLost(): boolean {
    return this.#trouble instanceof StoreUnavailableError;
  }

  /** A statement after the end of the transaction on the server would stand alone. */
  #checkIntact(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  #opened(): SqlConnection {
    invariant(this.#connection !== undefined, "The transaction is not open.");
    return this.#connection;
  }

  #typed(error: unknown): Error {
    const typed = this.#parts.database.pool.typed(error);
    if (typed instanceof StoreUnavailableError || typed instanceof StoreLockedError) this.#trouble = typed;
    return typed;
  }
}
