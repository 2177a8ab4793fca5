import type { AgentFlowError, SqlValue } from "@agentflow/core";
import type { Pool, PoolConnection, ResultSetHeader, TypeCastField, TypeCastNext } from "mysql2/promise";
import { escapeText, unescapeText } from "../sql/escaped-text.ts";
import type { SqlConnection, SqlPool, SqlSession } from "../sql/sql-database.ts";
import { isRowTaken, mysqlError, tooLarge } from "./mysql-error.ts";

// Statements with more values come in too many lengths to be kept prepared.
const preparedValuesMax = 64;

/** The connections of mysql2 to a MySQL or MariaDB server. */
export class MysqlPool implements SqlPool {
  readonly beginSnapshot = [
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
  ];
  readonly beginSearch = ["START TRANSACTION READ ONLY"];
  readonly beginUser = ["BEGIN"];
  readonly #pool: Pool;
  readonly #settings: readonly string[];
  readonly #prepared = new WeakSet<object>();
  #packetBytesMax = Number.POSITIVE_INFINITY;

  constructor(pool: Pool, settings: readonly string[]) {
    this.#pool = pool;
    this.#settings = settings;
  }

  /** What the server takes in one statement, in bytes. */
  set packetBytesMax(bytes: number) {
    this.#packetBytesMax = bytes;
  }

  async connect(): Promise<SqlConnection> {
    const connection = await this.#pool.getConnection();
    try {
      await this.#prepare(connection);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return {
      session: this.#session(connection),
      user: (sql, parameters) => userQuery(connection, sql, parameters),
      async control(statements) {
        for (const statement of statements) await connection.query(statement);
      },
      release(isBroken) {
        if (isBroken) connection.destroy();
        else connection.release();
      },
    };
  }

  typed(error: unknown): AgentFlowError {
    return mysqlError(error);
  }

  isRowTaken(error: unknown): boolean {
    return isRowTaken(error);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #prepare(connection: PoolConnection): Promise<void> {
    // The pool hands out one wrapper after the other for the connection that it keeps.
    const kept = connection.connection;
    if (this.#prepared.has(kept)) return;
    for (const setting of this.#settings) await connection.query(setting);
    this.#prepared.add(kept);
  }

  #session(connection: PoolConnection): SqlSession {
    const run = async (sql: string, values: readonly SqlValue[]) => {
      const escaped = values.map(escapedValue);
      this.#checkSize(escaped);
      const options = { sql, values: escaped, rowsAsArray: true };
      return escaped.length > preparedValuesMax ? connection.query(options) : connection.execute(options);
    };
    return {
      rows: async (sql, ...values) => ((await run(sql, values))[0] as SqlValue[][]).map(unescapedRow),
      change: async (sql, ...values) => ((await run(sql, values))[0] as ResultSetHeader).affectedRows,
    };
  }

  /** A server closes the connection on a packet that is too large, which would look as if it were away. */
  #checkSize(values: readonly SqlValue[]): void {
    let length = 0;
    for (const value of values) if (typeof value === "string") length += value.length;
    if (length * 4 < this.#packetBytesMax) return;
    const bytes = values.reduce<number>(
      (sum, value) => sum + (typeof value === "string" ? Buffer.byteLength(value) : 0),
      0,
    );
    if (bytes + packetOverheadBytes > this.#packetBytesMax) throw tooLarge();
  }
}

const packetOverheadBytes = 64 * 1024;

async function userQuery(connection: PoolConnection, sql: string, parameters: readonly SqlValue[]) {
  // A prepared statement is one statement, so that none can hide behind another.
  const [result] = await connection.execute({
    sql,
    values: parameters.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)),
    typeCast: exactDecimal,
  });
  return Array.isArray(result)
    ? { rows: result.map((row) => ({ ...(row as Record<string, SqlValue>) })), changes: 0 }
    : { rows: [], changes: result.affectedRows };
}

/** Sums of integers are decimals on MySQL: numbers as long as they are exact integers, otherwise text. */
function exactDecimal(field: TypeCastField, next: TypeCastNext): unknown {
  if (field.type !== "NEWDECIMAL" && field.type !== "DECIMAL") return next();
  const text = field.string();
  return text !== null && /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

function escapedValue(value: SqlValue): SqlValue {
  return typeof value === "string" ? escapeText(value) : value;
}

function unescapedRow(row: readonly SqlValue[]): readonly SqlValue[] {
  return row.map((value) => {
    // Columns that identify are bytes.
    if (Buffer.isBuffer(value)) return unescapeText(value.toString("utf8"));
    return typeof value === "string" ? unescapeText(value) : value;
  });
}
