import { ConfigError, type StoreBackend, type StoreCapabilities } from "@agentflow/core";
import type { Connection, Pool, RowDataPacket } from "mysql2/promise";
import { migrateMysql } from "../migrations/migrate-mysql.ts";
import { loadDriver } from "../sql/load-driver.ts";
import { PooledDatabase } from "../sql/pooled-database.ts";
import { serverBackend } from "../sql/server-store.ts";
import { ServerTransaction } from "../sql/server-transaction.ts";
import { userTransaction } from "../sql/user-transaction.ts";
import { checkDurability, durabilityLevel, type StoreDurability } from "../store-durability.ts";
import { mysqlError } from "./mysql-error.ts";
import { MysqlPool } from "./mysql-pool.ts";
import { MysqlUnits } from "./mysql-units.ts";
import { mysqlRules } from "./statement-rules.ts";

/** Options of {@link openMysql}. */
export interface MysqlOptions {
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE`, with the parameters that mysql2 knows. */
  readonly url: string;
  /** Default: "normal", which keeps the server's own setting. */
  readonly durability?: StoreDurability;
  /** How many connections the pool holds at most. Default 10. */
  readonly connectionsMax?: number;
  /** How long an operation waits for a server that is away before StoreUnavailableError, in milliseconds. Default 30000. */
  readonly unavailableAfterMs?: number;
  /** How long the first connection may take, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
}

// What the fences, the quoting of text and refused values rest on, whatever the server's defaults are.
const settings = [
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', autocommit = 1",
];

/**
 * Opens the store in a MySQL or MariaDB database and brings its schema up to date. Throws ConfigError when the driver
 * is missing, the URL names no database or the server does not keep the durability asked for, StoreUnavailableError
 * when the server does not answer, StoreNewerError for a schema of a newer program.
 */
export async function openMysql(options: MysqlOptions): Promise<StoreBackend> {
  const { durability = "normal", unavailableAfterMs = 30_000 } = options;
  checkDurability(durability);
  const pool = await openPool(options);
  const connections = new MysqlPool(pool, settings);
  const database = new PooledDatabase(connections, unavailableAfterMs);
  try {
    connections.packetBytesMax = await prepare(pool, durability);
  } catch (error) {
    await database.close();
    throw mysqlError(error);
  }
  const units = new MysqlUnits(database);
  return serverBackend({
    database,
    units,
    capabilities: capabilitiesOf(durability),
    gatherMs: typeof durability === "object" ? durability.batchedMs : 0,
    transact: (work, finish) =>
      userTransaction(new ServerTransaction({ database, units, rules: mysqlRules }), work, finish),
  });
}

async function openPool(options: MysqlOptions): Promise<Pool> {
  const { url, connectionsMax = 10, connectTimeoutMs = 5_000 } = options;
  if (!URL.canParse(url) || new URL(url).pathname.length < 2) {
    // The URL itself may hold a password.
    throw new ConfigError("The URL of the MySQL store names no database.", {
      hint: "Use mysql://USER@HOST/DATABASE.",
    });
  }
  const mysql = await loadDriver("mysql2", () => import("mysql2/promise"));
  return mysql.createPool({
    uri: url,
    connectionLimit: connectionsMax,
    connectTimeout: connectTimeoutMs,
    charset: "utf8mb4",
    enableKeepAlive: true,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  });
}

/** Checks the server, migrates, and returns how many bytes the server takes in one statement. */
async function prepare(pool: Pool, durability: StoreDurability): Promise<number> {
  const connection = await pool.getConnection();
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT @@innodb_flush_log_at_trx_commit AS flush, @@max_allowed_packet AS packetBytesMax",
    );
    if (durability !== "normal" && Number(rows[0]?.["flush"]) !== 1) {
      throw new ConfigError(
        `The server does not flush each commit, so that ${durabilityLevel(durability)} cannot be kept.`,
        { hint: "Set innodb_flush_log_at_trx_commit = 1, or choose the durability normal." },
      );
    }
    await migrateMysql(connection as Connection);
    return Number(rows[0]?.["packetBytesMax"]);
  } finally {
    connection.release();
  }
}

function capabilitiesOf(durability: StoreDurability): StoreCapabilities {
  return Object.freeze({
    name: "mysql",
    durable: true,
    transactions: true,
    shared: true,
    durability: [durabilityLevel(durability)],
  });
}
