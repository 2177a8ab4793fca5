import { StoreUnavailableError } from "@agentflow/core";
import { retryTransient, type Transient } from "./retry-transient.ts";
import type { SqlConnection, SqlDatabase, SqlPool, SqlWork } from "./sql-database.ts";

/**
 * Lends the connections of a pool. Boundary: knows transactions and trouble, not SQL.
 * 1. A connection that met StoreUnavailableError is closed, never lent again.
 * 2. Deadlocks and conflicts, which undo everything, are tried again; so is work that may be done twice, and any work
 *    before its transaction has begun, while the server is away.
 */
export class PooledDatabase implements SqlDatabase {
  readonly pool: SqlPool;
  readonly #patienceMs: number;

  constructor(pool: SqlPool, patienceMs: number) {
    this.pool = pool;
    this.#patienceMs = patienceMs;
  }

  repeatable<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () => this.#lent(({ session }) => work(session)));
  }

  snapshot<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () => this.#between(this.pool.beginSnapshot, work));
  }

  search<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () => this.#between(this.pool.beginSearch, work));
  }

  repeatableTransaction<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () => this.#between(["BEGIN"], work));
  }

  transaction<T>(work: SqlWork<T>): Promise<T> {
    let hasBegun = false;
    const tryOnce = () => {
      hasBegun = false;
      return this.#between(["BEGIN"], (session) => {
        hasBegun = true;
        return work(session);
      });
    };
    // A connection that is lost on the way may have lost the answer only.
    return this.#retry((kind) => kind === "locked" || !hasBegun, tryOnce);
  }

  /** Takes a connection out of the pool and begins a workflow's transaction on it; waits for a server that is away. */
  beginUser(): Promise<SqlConnection> {
    return this.#retry(always, async () => {
      const connection = await this.#connect();
      try {
        await connection.control(this.pool.beginUser);
        return connection;
      } catch (error) {
        connection.release(true);
        throw this.pool.typed(error);
      }
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  #between<T>(begin: readonly string[], work: SqlWork<T>): Promise<T> {
    return this.#lent(async (connection) => {
      await connection.control(begin);
      try {
        const value = await work(connection.session);
        await connection.control(["COMMIT"]);
        return value;
      } catch (error) {
        if (!(this.pool.typed(error) instanceof StoreUnavailableError))
          await connection.control(["ROLLBACK"]);
        throw error;
      }
    });
  }

  async #lent<T>(work: (connection: SqlConnection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    let isBroken = false;
    try {
      return await work(connection);
    } catch (error) {
      const typed = this.pool.typed(error);
      isBroken = typed instanceof StoreUnavailableError;
      throw typed;
    } finally {
      connection.release(isBroken);
    }
  }

  async #connect(): Promise<SqlConnection> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw this.pool.typed(error);
    }
  }

  #retry<T>(retries: (kind: Transient) => boolean, work: () => Promise<T>): Promise<T> {
    return retryTransient(work, { patienceMs: this.#patienceMs, retries });
  }
}

function always(): boolean {
  return true;
}
