import { ConfigError, type StoreBackend, type StoreCapabilities } from "@agentflow/core";
import type { Pool, PoolConfig } from "pg";
import { preparePostgres } from "../migrations/migrate-postgres.ts";
import { byRunKey, deleteByKey, type RetentionDialect } from "../retention/retention-dialect.ts";
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
import { postgresError } from "./postgres-error.ts";
import { PostgresPool } from "./postgres-pool.ts";
import { PostgresUnits } from "./postgres-units.ts";
import { postgresRules } from "./statement-rules.ts";
import { valueParsers } from "./value-parsers.ts";

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with the parameters that pg knows. */
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

const dialect: RetentionDialect = {
  listHint: () => "",
  lock: " FOR UPDATE",
  runs: byRunKey,
  deleteSome: deleteByKey,
};

/**
 * Opens the store in a PostgreSQL database, in the first schema of its search path, and creates its tables in an empty
 * one (STO-2). Throws ConfigError when the driver is missing or the database is not in UTF-8, StoreUnavailableError when
 * the server does not answer, StoreOlderError or StoreNewerError for a schema of another version.
 */
export async function openPostgres(options: PostgresOptions): Promise<StoreBackend> {
  const { durability = "normal", unavailableAfterMs = 30_000, unansweredMaxMs = 60_000 } = options;
  checkDurability(durability);
  const pool = await openPool(options, durability);
  const database = new PooledDatabase(new PostgresPool(pool, unansweredMaxMs), unavailableAfterMs);
  let server: ServerSettings;
  try {
    server = await prepare(pool, durability);
  } catch (error) {
    await database.close();
    throw postgresError(error);
  }
  const units = new PostgresUnits(database);
  return serverBackend({
    database,
    units,
    capabilities: capabilitiesOf(durability, server),
    dialect,
    gatherMs: batchedMsOf(durability),
    transact: (work, finish) =>
      new LastingTransaction({ database, units, rules: postgresRules }, work, finish).run(),
  });
}

async function openPool(options: PostgresOptions, durability: StoreDurability): Promise<Pool> {
  const { url, connectionsMax = 10, connectTimeoutMs = 5_000 } = options;
  const { default: pg } = await loadDriver("pg", () => import("pg"));
  const settings = settingsSql(durability);
  const config: PoolConfig = {
    connectionString: url,
    application_name: "agentflow",
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: valueParsers,
    async onConnect(client) {
      // A query in flight is told by its own promise; without a listener the process would end.
      client.on("error", () => undefined);
      await client.query(settings);
    },
  };
  try {
    return new pg.Pool(config);
  } catch (error) {
    // The URL itself may hold a password.
    throw new ConfigError("The URL of the PostgreSQL store cannot be read.", { cause: error });
  }
}

/** Plans that use indexes however small the tables were when they were made, and the fences' own isolation level. */
function settingsSql(durability: StoreDurability): string {
  const settings = [
    "SET enable_seqscan = off",
    "SET jit = off",
    "SET plan_cache_mode = force_generic_plan",
    "SET default_transaction_isolation = 'read committed'",
  ];
  // `strict` and `batched` promise what a server may have been told not to keep.
  if (durability !== "normal") {
    settings.push(
      "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    );
  }
  return settings.join("; ");
}

/** What the server was told, as far as the store depends on it. */
interface ServerSettings {
  readonly encoding: string;
  readonly syncs: boolean;
}

/** Checks the server and migrates. */
async function prepare(pool: Pool, durability: StoreDurability): Promise<ServerSettings> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<ServerSettings>(
      "SELECT current_setting('server_encoding') AS encoding, current_setting('fsync')::boolean AS syncs",
    );
    const server = rows[0] as ServerSettings;
    checkServer(server, durability);
    await preparePostgres(client);
    return server;
  } finally {
    client.release();
  }
}

function checkServer(server: ServerSettings, durability: StoreDurability): void {
  if (server.encoding !== "UTF8") {
    throw new ConfigError(`The database has the encoding ${server.encoding}; the store needs UTF8.`, {
      hint: "Create the database with ENCODING 'UTF8' TEMPLATE template0.",
    });
  }
  if (durability !== "normal" && !server.syncs) {
    throw new ConfigError(
      `The server runs with fsync off, so that ${durabilityLevel(durability)} cannot be kept.`,
      {
        hint: "Set fsync = on in postgresql.conf, or choose the durability normal.",
      },
    );
  }
}

function capabilitiesOf(durability: StoreDurability, { syncs }: ServerSettings): StoreCapabilities {
  return Object.freeze({
    name: "postgres",
    durable: true,
    transactions: true,
    shared: true,
    durability: levelsKept(syncs),
    defaultDurability: durabilityLevel(durability),
  });
}
