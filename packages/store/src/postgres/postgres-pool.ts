import type { AgentFlowError, SqlValue } from "@agentflow/core";
import type { Pool, PoolClient, QueryConfig } from "pg";
import { answered } from "../sql/answered.ts";
import { escapeText, unescapeText } from "../sql/escaped-text.ts";
import type { SqlConnection, SqlPool, SqlResult, SqlSession } from "../sql/sql-database.ts";
import { syncedSql } from "./commit-statement.ts";
import { numberedPlaceholders } from "./numbered-placeholders.ts";
import { isRowTaken, postgresError } from "./postgres-error.ts";

interface Prepared {
  readonly name: string | undefined;
  readonly text: string;
}

// Each connection keeps the plans of named statements for its life; lists with rare filters go without.
const namedMax = 200;

/** The connections of pg to a PostgreSQL server. */
export class PostgresPool implements SqlPool {
  readonly beginSnapshot = ["BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"];
  readonly beginSearch = ["BEGIN READ ONLY", "SET LOCAL plan_cache_mode = force_custom_plan"];
  readonly beginSynced = ["BEGIN", `SELECT ${syncedSql}`];
  // The store's own statements never read whole tables; those of a workflow may.
  readonly beginUser = ["BEGIN", "SET LOCAL enable_seqscan = on"];
  readonly #pool: Pool;
  readonly #unansweredMaxMs: number;
  readonly #statements = new Map<string, Prepared>();

  /** A statement of the store that has no answer after `unansweredMaxMs` has lost its connection. */
  constructor(pool: Pool, unansweredMaxMs: number) {
    this.#pool = pool;
    this.#unansweredMaxMs = unansweredMaxMs;
    // A connection that breaks while idle leaves the pool; whoever needs one gets another.
    pool.on("error", () => undefined);
  }

  async connect(): Promise<SqlConnection> {
    const unansweredMaxMs = this.#unansweredMaxMs;
    const client = await this.#pool.connect();
    return {
      session: this.#session(client),
      user: (sql, parameters) => userQuery(client, sql, parameters),
      async control(statements) {
        await answered(client.query(statements.join("; ")), unansweredMaxMs);
      },
      release: (isBroken) => client.release(isBroken),
    };
  }

  typed(error: unknown): AgentFlowError {
    return postgresError(error);
  }

  isRowTaken(error: unknown): boolean {
    return isRowTaken(error);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #session(client: PoolClient): SqlSession {
    const query = (sql: string, values: readonly SqlValue[]) => {
      const { name, text } = this.#prepared(sql);
      const named = name === undefined ? {} : { name };
      const config = { ...named, text, values: values.map(escaped), rowMode: "array" } as const;
      return answered(client.query<SqlValue[]>(config), this.#unansweredMaxMs);
    };
    const run = async (sql: string, values: readonly SqlValue[]): Promise<SqlResult> => {
      const { rows, rowCount } = await query(sql, values);
      return { rows: rows.map((row) => row.map(unescaped)), changes: rowCount ?? 0 };
    };
    return {
      rows: async (sql, ...values) => (await run(sql, values)).rows,
      change: async (sql, ...values) => (await run(sql, values)).changes,
      async batch(statements) {
        const results: SqlResult[] = [];
        for (const { sql, values = [] } of statements) results.push(await run(sql, values));
        return results;
      },
    };
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

async function userQuery(client: PoolClient, sql: string, parameters: readonly SqlValue[]) {
  // The extended protocol takes one statement at a time, so that none can hide behind another.
  const query: QueryConfig & { readonly queryMode: "extended" } = {
    text: sql,
    values: [...parameters],
    queryMode: "extended",
  };
  const { rows, rowCount } = await client.query<Record<string, SqlValue>>(query);
  return { rows: rows.map((row) => ({ ...row })), changes: rowCount ?? 0 };
}

function escaped(value: SqlValue): SqlValue {
  return typeof value === "string" ? escapeText(value) : value;
}

function unescaped(value: SqlValue): SqlValue {
  return typeof value === "string" ? unescapeText(value) : value;
}
