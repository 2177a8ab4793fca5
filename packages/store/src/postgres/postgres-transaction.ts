import {
  type CommitResult,
  invariant,
  type RunCommit,
  type SqlValue,
  StoreUnavailableError,
} from "@agentflow/core";
import type { PoolClient, QueryConfig } from "pg";
import { checkUserStatement, type StatementRules } from "../sql/user-statement.ts";
import type { TransactionOperations } from "../sql/user-transaction.ts";
import type { PostgresDatabase } from "./postgres-database.ts";
import { isRowTaken, postgresError } from "./postgres-error.ts";
import type { PostgresUnits } from "./postgres-units.ts";

const controls: ReadonlySet<string> = new Set(
  (
    "begin start commit end rollback abort savepoint release prepare execute deallocate set reset discard copy " +
    "listen unlisten notify"
  ).split(" "),
);

const rules: StatementRules = {
  literals: /\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'/gis,
  allows: (firstWord) => !controls.has(firstWord),
  hidden: /\bu&"/i,
};

// The store's own statements never read whole tables; those of a workflow may.
const begin = "BEGIN; SET LOCAL enable_seqscan = on";

/** An effect and its commit as one transaction over one connection (S26). */
export class PostgresTransaction implements TransactionOperations {
  readonly #database: PostgresDatabase;
  readonly #units: PostgresUnits;
  #client: PoolClient | undefined;
  #isLost = false;

  constructor(database: PostgresDatabase, units: PostgresUnits) {
    this.#database = database;
    this.#units = units;
  }

  async beginTransaction(): Promise<void> {
    this.#client = await this.#database.begin(begin);
  }

  async userAll(sql: string, parameters: readonly SqlValue[]): Promise<Record<string, SqlValue>[]> {
    return (await this.#userQuery(sql, parameters)).rows.map((row) => ({ ...row }));
  }

  async userRun(sql: string, parameters: readonly SqlValue[]): Promise<{ readonly changes: number }> {
    return { changes: (await this.#userQuery(sql, parameters)).rowCount ?? 0 };
  }

  async finishTransaction(commit: RunCommit): Promise<CommitResult> {
    if (await this.#apply(commit)) {
      await this.#end("COMMIT");
      return { kind: "committed" };
    }
    await this.#end("ROLLBACK");
    return this.#units.refusal(commit);
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#client !== undefined) await this.#end("ROLLBACK");
  }

  async #apply(commit: RunCommit): Promise<boolean> {
    try {
      const session = this.#database.session(this.#opened());
      return (await this.#units.applyIn(session, [{ commit, members: [0] }])).has(0);
    } catch (error) {
      if (isRowTaken(error)) return false;
      throw this.#typed(error);
    }
  }

  async #userQuery(sql: string, parameters: readonly SqlValue[]) {
    checkUserStatement(sql, rules);
    // The extended protocol takes one statement at a time, so that none can hide behind another.
    const query: QueryConfig & { readonly queryMode: "extended" } = {
      text: sql,
      values: [...parameters],
      queryMode: "extended",
    };
    try {
      return await this.#opened().query<Record<string, SqlValue>>(query);
    } catch (error) {
      throw this.#typed(error);
    }
  }

  /** Ends the transaction and gives the connection back; one that is lost has ended by itself. */
  async #end(sql: "COMMIT" | "ROLLBACK"): Promise<void> {
    const client = this.#opened();
    try {
      if (!this.#isLost) await client.query(sql);
    } catch (error) {
      throw this.#typed(error);
    } finally {
      this.#client = undefined;
      client.release(this.#isLost);
    }
  }

  #opened(): PoolClient {
    invariant(this.#client !== undefined, "The transaction is not open.");
    return this.#client;
  }

  #typed(error: unknown): Error {
    const typed = postgresError(error);
    if (typed instanceof StoreUnavailableError) this.#isLost = true;
    return typed;
  }
}
