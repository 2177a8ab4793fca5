import { ConfigError, type StoreBackend, type StoreCapabilities } from "@agentflow/core";
import type { Connection, Pool, RowDataPacket } from "mysql2/promise";
import { prepareMysql } from "../migrations/migrate-mysql.ts";
import { byRunKey, type RetentionDialect } from "../retention/retention-dialect.ts";
import { LastingTransaction } from "../sql/lasting-transaction.ts";
import { loadDriver } from "../sql/load-driver.ts";
import { PooledDatabase } from "../sql/pooled-database.ts";
import { serverBackend } from "../sql/server-store.ts";
import {
  batchedMsOf,
  checkDurability,
  durabilityLevel,
  levelsKept,
  type StoreDurability,
} from "../store-durability.ts";
import { checkMysqlUrl } from "./connect-mysql.ts";
import { mysqlError } from "./mysql-error.ts";
import { MysqlPool } from "./mysql-pool.ts";
import { MysqlUnits } from "./mysql-units.ts";
import { mysqlRules } from "./statement-rules.ts";

/** Options of {@link openMysql}. */
export interface MysqlOptions {
  /** `mysql://USER:PASSWORD@HOST:PORT/DATABASE`, with the parameters that mysql2 knows. */
  readonly url: string;
  /** The level of commits that ask for none. Default: "normal", which keeps the server's own setting. */
  readonly durability?: StoreDurability;
  /** How many connections the pool holds at most. Default 10. */
  readonly connectionsMax?: number;
  /** How long an operation waits for a server that is away before StoreUnavailableError, in milliseconds. Default 30000. */
  readonly unavailableAfterMs?: number;
  /**
   * How long one of the store's own statements may go without an answer before its connection counts as lost and another
   * is made, in milliseconds. Default 60000. The statements of a `ctx.tx` take as long as they take.
   */
  readonly unansweredMaxMs?: number;
  /** How long the first connection may take, in milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
}

// What the fences, the quoting of text and refused values rest on, whatever the server's defaults are.
const settings = [
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO', autocommit = 1",
];

const dialect: RetentionDialect = {
  listHint: (index) => ` FORCE INDEX (${index})`,
  lock: " FOR UPDATE",
  runs: byRunKey,
  deleteSome: ({ table, number, limit }) => ({
    sql: `DELETE FROM ${table} WHERE rid = ? LIMIT ?`,
    values: [number, limit],
  }),
};

/**
 * Opens the store in a MySQL or MariaDB database and creates its tables in an empty one (STO-2). Throws ConfigError
 * when the driver is missing, the URL names no database or the server does not keep the durability asked for,
 * StoreUnavailableError when the server does not answer, StoreOlderError or StoreNewerError for a schema of another
 * version.
 */
export async function openMysql(options: MysqlOptions): Promise<StoreBackend> {
  const { durability = "normal", unavailableAfterMs = 30_000, unansweredMaxMs = 60_000 } = options;
  checkDurability(durability);
  const pool = await openPool(options);
  const connections = new MysqlPool(pool, settings, unansweredMaxMs);
  const database = new PooledDatabase(connections, unavailableAfterMs);
  let server: ServerSettings;
  try {
    server = await prepare(pool, durability);
    connections.packetBytesMax = server.packetBytesMax;
  } catch (error) {
    await database.close();
    throw mysqlError(error);
  }
  const units = new MysqlUnits(database, server.packetBytesMax);
  return serverBackend({
    database,
    units,
    capabilities: capabilitiesOf(durability, server),
    dialect,
    gatherMs: batchedMsOf(durability),
    transact: (work, finish) =>
      new LastingTransaction({ database, units, rules: mysqlRules }, work, finish).run(),
  });
}

async function openPool(options: MysqlOptions): Promise<Pool> {
  const { url, connectionsMax = 10, connectTimeoutMs = 5_000 } = options;
  checkMysqlUrl(url);
  const mysql = await loadDriver("mysql2", () => import("mysql2/promise"));
  return mysql.createPool({
    uri: url,
    connectionLimit: connectionsMax,
    // For batches of the store's own statements; a workflow's SQL is prepared, and so one statement at a time.
    multipleStatements: true,
    connectTimeout: connectTimeoutMs,
    charset: "utf8mb4",
    enableKeepAlive: true,
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
  });
}

/** What the server was told, as far as the store depends on it. */
interface ServerSettings {
  /** Whether a commit that was acknowledged survives a power loss. */
  readonly syncs: boolean;
  /** How many bytes the server takes in one statement. */
  readonly packetBytesMax: number;
}

/** Checks the server and migrates. */
async function prepare(pool: Pool, durability: StoreDurability): Promise<ServerSettings> {
  const connection = await pool.getConnection();
  try {
    const server = await readSettings(connection as Connection);
    if (durability !== "normal" && !server.syncs) {
      throw new ConfigError(
        `The server does not flush each commit, so that ${durabilityLevel(durability)} cannot be kept.`,
        {
          hint: "Set innodb_flush_log_at_trx_commit = 1, and sync_binlog = 1 where there is a binary log, or choose the durability normal.",
        },
      );
    }
    await prepareMysql(connection as Connection);
    return server;
  } finally {
    connection.release();
  }
}

/**
 * Every commit is in the log when it is acknowledged with innodb_flush_log_at_trx_commit = 1, or MariaDB's 3. A server
 * with a binary log undoes commits that it lacks when it starts after a power loss, so that it has to be synced too.
 */
async function readSettings(connection: Connection): Promise<ServerSettings> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS hasBinaryLog, @@sync_binlog AS binaryLogSync,
      @@max_allowed_packet AS packetBytesMax`,
  );
  const setting = (name: string) => Number(rows[0]?.[name]);
  const isLogSynced = setting("flush") === 1 || setting("flush") === 3;
  const isBinaryLogSynced = setting("hasBinaryLog") === 0 || setting("binaryLogSync") === 1;
  return { syncs: isLogSynced && isBinaryLogSynced, packetBytesMax: setting("packetBytesMax") };
}

function capabilitiesOf(durability: StoreDurability, { syncs }: ServerSettings): StoreCapabilities {
  return Object.freeze({
    name: "mysql",
    durable: true,
    transactions: true,
    shared: true,
    durability: levelsKept(syncs),
    defaultDurability: durabilityLevel(durability),
  });
}
