import { type Durability, StoreUnavailableError } from "@agentflow/core";
import { isSynced } from "../store-durability.ts";
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
  /** How long an operation waits for a server that is away, or for locks of others, in milliseconds. */
  readonly patienceMs: number;
  #waits = true;
  /** Since when the server is away, and how long it was away before. */
  #awaySince: number | undefined;
  #awayBeforeMs = 0;

  constructor(pool: SqlPool, patienceMs: number) {
    this.pool = pool;
    this.patienceMs = patienceMs;
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

  repeatableBatches<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () =>
      this.#lent((connection) => this.#undoing(connection, () => work(connection.session))),
    );
  }

  transaction<T>(work: SqlWork<T>, durability?: Durability): Promise<T> {
    const begin = isSynced(durability) ? this.pool.beginSynced : ["BEGIN"];
    let hasBegun = false;
    const tryOnce = () => {
      hasBegun = false;
      return this.#between(begin, (session) => {
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

  /** False once nothing waits any more for a server that is away. */
  get waits(): boolean {
    return this.#waits;
  }

  awayMs(): number {
    return this.#awayBeforeMs + (this.#awaySince === undefined ? 0 : performance.now() - this.#awaySince);
  }

  stopWaiting(): void {
    this.#waits = false;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  #between<T>(begin: readonly string[], work: SqlWork<T>): Promise<T> {
    return this.#lent(async (connection) => {
      await connection.control(begin);
      return this.#undoing(connection, async () => {
        const value = await work(connection.session);
        await connection.control(["COMMIT"]);
        return value;
      });
    });
  }

  /** Undoes what is open when the work throws. */
  async #undoing<T>(connection: SqlConnection, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(this.pool.typed(error) instanceof StoreUnavailableError)) await connection.control(["ROLLBACK"]);
      throw error;
    }
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
    return retryTransient(() => this.#watched(work), {
      patienceMs: this.patienceMs,
      retries: (kind) => (kind === "locked" || this.#waits) && retries(kind),
    });
  }

  /** Any answer of the server, an error too, says that it is there. */
  async #watched<T>(work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    let isAway = false;
    try {
      return await work();
    } catch (error) {
      isAway = error instanceof StoreUnavailableError;
      throw error;
    } finally {
      if (isAway) this.#awaySince ??= begun;
      else this.#noteBack();
    }
  }

  #noteBack(): void {
    this.#awayBeforeMs = this.awayMs();
    this.#awaySince = undefined;
  }
}

function always(): boolean {
  return true;
}
