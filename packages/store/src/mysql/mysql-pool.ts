import type { AgentFlowError, SqlValue } from "@agentflow/core";
import type { Pool, PoolConnection, ResultSetHeader, TypeCastField, TypeCastNext } from "mysql2/promise";
import { answered } from "../sql/answered.ts";
import { escapeText, unescapeText } from "../sql/escaped-text.ts";
import type { SqlConnection, SqlPool, SqlResult, SqlSession, SqlStatement } from "../sql/sql-database.ts";
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
  // Syncing is a setting of the whole server: one that does not sync is not given such work.
  readonly beginSynced = ["BEGIN"];
  readonly beginUser = ["BEGIN"];
  readonly #pool: Pool;
  readonly #settings: readonly string[];
  readonly #unansweredMaxMs: number;
  readonly #prepared = new WeakSet<object>();
  #packetBytesMax = Number.POSITIVE_INFINITY;

  /** A statement of the store that has no answer after `unansweredMaxMs` has lost its connection. */
  constructor(pool: Pool, settings: readonly string[], unansweredMaxMs: number) {
    this.#pool = pool;
    this.#settings = settings;
    this.#unansweredMaxMs = unansweredMaxMs;
  }

  /** What the server takes in one statement, in bytes. */
  set packetBytesMax(bytes: number) {
    this.#packetBytesMax = bytes;
  }

  async connect(): Promise<SqlConnection> {
    const connection = await this.#pool.getConnection();
    const unansweredMaxMs = this.#unansweredMaxMs;
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
        for (const sql of statements) await answered(connection.query(sql), unansweredMaxMs);
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
    for (const sql of this.#settings) await answered(connection.query(sql), this.#unansweredMaxMs);
    this.#prepared.add(kept);
  }

  #session(connection: PoolConnection): SqlSession {
    const run = async (sql: string, values: readonly SqlValue[]) => {
      const escaped = values.map(escapedValue);
      this.#checkSize(escaped);
      const options = { sql, values: escaped, rowsAsArray: true };
      const isPrepared = escaped.length > 0 && escaped.length <= preparedValuesMax;
      const answer = isPrepared ? connection.execute(options) : connection.query(options);
      return answered(answer, this.#unansweredMaxMs);
    };
    return {
      rows: async (sql, ...values) => resultOf((await run(sql, values))[0]).rows,
      change: async (sql, ...values) => resultOf((await run(sql, values))[0]).changes,
      batch: async (statements) => {
        const results: SqlResult[] = [];
        for (const packet of packetsOf(statements)) {
          const [first] = packet;
          if (packet.length > 1) results.push(...(await this.#sendTogether(connection, packet)));
          else if (first !== undefined) results.push(resultOf((await run(first.sql, first.values ?? []))[0]));
        }
        return results;
      },
    };
  }

  /** As one text: a prepared statement cannot be sent together with others. */
  async #sendTogether(
    connection: PoolConnection,
    statements: readonly SqlStatement[],
  ): Promise<readonly SqlResult[]> {
    const values = statements.flatMap((statement) => statement.values ?? []).map(escapedValue);
    this.#checkSize(values);
    const sql = statements.map((statement) => statement.sql).join(";\n");
    const answer = connection.query({ sql, values, rowsAsArray: true });
    const [results] = await answered(answer, this.#unansweredMaxMs);
    return (results as unknown[]).map(resultOf);
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
// Long values go alone, in a prepared statement: as text they would grow when they are quoted.
const packetLengthMax = 100_000;

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

function resultOf(result: unknown): SqlResult {
  return Array.isArray(result)
    ? { rows: (result as SqlValue[][]).map(unescapedRow), changes: 0 }
    : { rows: [], changes: (result as ResultSetHeader).affectedRows };
}

/** Splits statements so that no packet of several is long. */
function packetsOf(statements: readonly SqlStatement[]): readonly (readonly SqlStatement[])[] {
  const packets: SqlStatement[][] = [];
  let length = 0;
  for (const statement of statements) {
    const ownLength = lengthOf(statement);
    const last = packets.at(-1);
    if (last === undefined || length + ownLength > packetLengthMax) {
      packets.push([statement]);
      length = ownLength;
    } else {
      last.push(statement);
      length += ownLength;
    }
  }
  return packets;
}

function lengthOf({ sql, values = [] }: SqlStatement): number {
  let length = sql.length;
  for (const value of values) length += typeof value === "string" ? value.length : 8;
  return length;
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
