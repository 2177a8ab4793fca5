import { type SqlValue, StoreUnavailableError } from "@agentflow/core";
import type { Pool, PoolClient } from "pg";
import { escapeText, unescapeText } from "../sql/escaped-text.ts";
import { retryTransient, type Transient } from "../sql/retry-transient.ts";
import type { SqlDatabase, SqlSession, SqlWork } from "../sql/sql-database.ts";
import { numberedPlaceholders } from "./numbered-placeholders.ts";
import { postgresError } from "./postgres-error.ts";

interface Prepared {
  readonly name: string | undefined;
  readonly text: string;
}

// Each connection keeps the plans of named statements for its life; lists with rare filters go without.
const namedMax = 200;

/** A pool of connections to a PostgreSQL server. */
export class PostgresDatabase implements SqlDatabase {
  readonly #pool: Pool;
  readonly #patienceMs: number;
  readonly #statements = new Map<string, Prepared>();

  constructor(pool: Pool, patienceMs: number) {
    this.#pool = pool;
    this.#patienceMs = patienceMs;
    // A connection that breaks while idle leaves the pool; whoever needs one gets another.
    pool.on("error", () => undefined);
  }

  repeatable<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () => this.#connected((client) => work(this.session(client))));
  }

  snapshot<T>(work: SqlWork<T>): Promise<T> {
    return this.#retry(always, () =>
      this.#connected(async (client) => {
        await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return this.#finish(client, work);
      }),
    );
  }

  transaction<T>(work: SqlWork<T>): Promise<T> {
    let begun = false;
    const tryOnce = () =>
      this.#connected(async (client) => {
        begun = false;
        await client.query("BEGIN");
        begun = true;
        return this.#finish(client, work);
      });
    // A deadlock undid everything; a connection that was lost on the way may have lost the answer only.
    return this.#retry((kind) => kind === "locked" || !begun, tryOnce);
  }

  /** Takes a connection out of the pool and begins a transaction on it; waits for a server that is away. */
  begin(sql: string): Promise<PoolClient> {
    return this.#retry(always, async () => {
      const client = await this.#connect();
      try {
        await client.query(sql);
        return client;
      } catch (error) {
        client.release(true);
        throw postgresError(error);
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  session(client: PoolClient): SqlSession {
    const query = (sql: string, values: readonly SqlValue[]) => {
      const { name, text } = this.#prepared(sql);
      const named = name === undefined ? {} : { name };
      return client.query<SqlValue[]>({ ...named, text, values: values.map(escaped), rowMode: "array" });
    };
    return {
      rows: async (sql, ...values) => (await query(sql, values)).rows.map((row) => row.map(unescaped)),
      change: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
    };
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw postgresError(error);
    }
  }

  async #connected<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      const typed = postgresError(error);
      broken = typed instanceof StoreUnavailableError;
      throw typed;
    } finally {
      client.release(broken);
    }
  }

  async #finish<T>(client: PoolClient, work: SqlWork<T>): Promise<T> {
    try {
      const value = await work(this.session(client));
      await client.query("COMMIT");
      return value;
    } catch (error) {
      if (!(postgresError(error) instanceof StoreUnavailableError)) await client.query("ROLLBACK");
      throw error;
    }
  }

  #retry<T>(retries: (kind: Transient) => boolean, work: () => Promise<T>): Promise<T> {
    return retryTransient(work, { patienceMs: this.#patienceMs, retries });
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const size = this.#statements.size;
    const text = numberedPlaceholders(sql);
    if (size >= namedMax) return { name: undefined, text };
    const prepared = { name: `af_${size}`, text };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function always(): boolean {
  return true;
}

function escaped(value: SqlValue): SqlValue {
  return typeof value === "string" ? escapeText(value) : value;
}

function unescaped(value: SqlValue): SqlValue {
  return typeof value === "string" ? unescapeText(value) : value;
}
