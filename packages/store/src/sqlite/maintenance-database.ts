import type { DatabaseSync } from "node:sqlite";
import type { SqlValue } from "@agentflow/core";
import type { RetentionDatabase, RetentionSession } from "../retention/retention-database.ts";
import { sqliteError } from "./sqlite-error.ts";

type Work<T> = (session: RetentionSession) => Promise<T>;

/**
 * One connection as the parts that servers share see a database. Nothing here waits for anything but SQLite, so a
 * transaction is over before its thread takes the next message.
 */
export class MaintenanceDatabase implements RetentionDatabase {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #session: RetentionSession;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    // Lists of runs make many different texts, which are better not kept prepared.
    const prepare = (sql: string) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#session = {
      rows: async (sql, ...values) => prepare(sql).all(...values) as unknown as SqlValue[][],
      change: async (sql, ...values) => Number(prepare(sql).run(...values).changes),
    };
  }

  async repeatable<T>(work: Work<T>): Promise<T> {
    try {
      return await work(this.#session);
    } catch (error) {
      throw sqliteError(error, this.#path);
    }
  }

  snapshot<T>(work: Work<T>): Promise<T> {
    return this.#between("BEGIN", work);
  }

  search<T>(work: Work<T>): Promise<T> {
    return this.#between("BEGIN", work);
  }

  transaction<T>(work: Work<T>): Promise<T> {
    return this.#between("BEGIN IMMEDIATE", work);
  }

  repeatableTransaction<T>(work: Work<T>): Promise<T> {
    return this.#between("BEGIN IMMEDIATE", work);
  }

  async #between<T>(begin: string, work: Work<T>): Promise<T> {
    try {
      this.#db.exec(begin);
      const value = await work(this.#session);
      this.#db.exec("COMMIT");
      return value;
    } catch (error) {
      // SQLite itself rolls back on some errors, such as a full disk.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw sqliteError(error, this.#path);
    }
  }
}
