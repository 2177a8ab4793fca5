import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ConfigError, type StoreBackend, type StoreCapabilities } from "@agentflow/core";
import { migrateSqlite } from "../migrations/migrate-sqlite.ts";
import {
  batchedMsOf,
  checkDurability,
  durabilityLevel,
  levelsKept,
  type StoreDurability,
} from "../store-durability.ts";
import { Checkpointer } from "./checkpointer.ts";
import { DirectWriter } from "./direct-writer.ts";
import { LevelledWriter } from "./levelled-writer.ts";
import { LogDoubt } from "./log-doubt.ts";
import { MaintenanceThread } from "./maintenance-client.ts";
import { networkFileSystem } from "./network-file-system.ts";
import { openDatabase, pageBytes, prepareFolder } from "./open-database.ts";
import { retryLocked } from "./retry-locked.ts";
import { SqliteAccess } from "./sqlite-access.ts";
import { sqliteError } from "./sqlite-error.ts";
import { sqliteExports } from "./sqlite-exports.ts";
import { SqliteInbox } from "./sqlite-inbox.ts";
import { SqliteMaintenance } from "./sqlite-maintenance.ts";
import { SqliteOwners } from "./sqlite-owners.ts";
import { sqliteRetention } from "./sqlite-retention.ts";
import { SqliteRuns } from "./sqlite-runs.ts";
import { sqliteQueues, sqliteSchedules } from "./sqlite-time.ts";
import { SqliteWaits } from "./sqlite-waits.ts";
import { StoreThread, threadFile } from "./store-thread-client.ts";
import { ThreadWriter } from "./thread-writer.ts";
import { WriteGate } from "./write-gate.ts";
import { type SqliteParts, sqliteParts, type WriteOperations, writeSession } from "./write-session.ts";

/** The levels that SQLite keeps: all of them. */
export type SqliteDurability = StoreDurability;

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** The database file; its folder is created on first use. */
  readonly path: string;
  /** The level of commits that ask for none. Default: "normal". */
  readonly durability?: SqliteDurability;
  /** How long an operation waits for another process's lock before StoreLockedError, in milliseconds. Default 5000. */
  readonly lockedAfterMs?: number;
  /**
   * From which size on the write-ahead log is copied into the file, in bytes; each copy costs two syncs. Default 16 MiB.
   */
  readonly logSizeBytes?: number;
  /** Opens the connection of the calling thread, so that a test can watch its statements. */
  readonly openDatabase?: (path: string) => DatabaseSync;
  /** The file of the store thread, where a bundler moved it. */
  readonly threadUrl?: URL;
  /** Told what does not stop the store, such as a network file system. Default: process.emitWarning. */
  readonly onWarning?: (message: string) => void;
}

interface Opening {
  readonly path: string;
  readonly durability: StoreDurability;
  readonly lockedAfterMs: number;
  readonly logSizeBytes: number;
  readonly open: SqliteOptions["openDatabase"];
  readonly threadUrl: URL;
  readonly onWarning: (message: string) => void;
  readonly doubt: LogDoubt;
}

const usualLogSizeBytes = 16 * 1024 * 1024;

/**
 * Opens, or creates, the store in a SQLite file and brings its schema up to date. Throws StoreCorruptError,
 * StoreReadOnlyError, StoreFullError, StoreLockedError, StoreNewerError or StoreUnavailableError; the file is then
 * as it was.
 */
export async function openSqlite(options: SqliteOptions): Promise<StoreBackend> {
  const opening = resolveOptions(options);
  const { path, durability, lockedAfterMs } = opening;
  await prepareFolder(path);
  warnOfNetwork(opening);
  const db = await retryLocked(() => openMigrated(opening), lockedAfterMs);
  const parts = sqliteParts(db);
  const gate = new WriteGate();
  const direct = directWriter(opening, gate, db, parts);
  const writer = new LevelledWriter({
    level: durabilityLevel(durability),
    direct,
    startThread: () => threadWriter(opening, gate),
  });
  const settings = { path, synchronous: "NORMAL", doubt: opening.doubt.shared } as const;
  const maintenance = new SqliteMaintenance({
    thread: new MaintenanceThread(settings),
    gate,
    copyLog: () => direct.copyLog(),
    lockedAfterMs,
  });
  const access = new SqliteAccess({ path, parts, writer, doubt: opening.doubt, maintenance, lockedAfterMs });
  return {
    runs: new SqliteRuns(access, capabilitiesOf(durability)),
    owners: new SqliteOwners(access),
    inbox: new SqliteInbox(access),
    waits: new SqliteWaits(access),
    queues: sqliteQueues(access),
    schedules: sqliteSchedules(access),
    retention: sqliteRetention(access),
    exports: sqliteExports(access),
  };
}

function resolveOptions(options: SqliteOptions): Opening {
  const { path, durability = "normal", lockedAfterMs = 5_000 } = options;
  if (path === "" || path === ":memory:") {
    throw new ConfigError(`A SQLite store needs a file, not ${JSON.stringify(path)}.`, {
      hint: 'Use "memory:" for a store that ends with the process.',
    });
  }
  checkDurability(durability);
  return {
    path: resolve(path),
    durability,
    lockedAfterMs,
    logSizeBytes: options.logSizeBytes ?? usualLogSizeBytes,
    open: options.openDatabase,
    threadUrl: options.threadUrl ?? threadFile(),
    onWarning: options.onWarning ?? ((message) => process.emitWarning(message, "AgentFlowWarning")),
    doubt: new LogDoubt(),
  };
}

/** The schema needs no sync of its own: the log is synced from its beginning with the first commit that is. */
function openMigrated({ path, open }: Opening): DatabaseSync {
  const db = openDatabase({ path, synchronous: "NORMAL", open });
  try {
    migrateSqlite(db);
    return db;
  } catch (error) {
    db.close();
    throw sqliteError(error, path);
  }
}

function directWriter(opening: Opening, gate: WriteGate, db: DatabaseSync, parts: SqliteParts): DirectWriter {
  const { path, onWarning, threadUrl, lockedAfterMs, doubt } = opening;
  const settings = { path, synchronous: "NORMAL" } as const;
  const operations = writeSession({ ...parts, db, path, doubt, syncs: false });
  let second: WriteOperations | undefined;
  return new DirectWriter({
    operations,
    transactions() {
      if (second === undefined) {
        const other = openDatabase(settings);
        second = writeSession({ ...sqliteParts(other), db: other, path, doubt, syncs: false });
      }
      return second;
    },
    checkpointer: new Checkpointer({
      path,
      logSizeBytes: opening.logSizeBytes,
      doubt,
      onWarning,
      startThread: () => new StoreThread({ ...settings, doubt: doubt.shared }, threadUrl),
    }),
    gate,
    lockedAfterMs,
    close() {
      second?.close();
      operations.close();
    },
  });
}

function threadWriter(opening: Opening, gate: WriteGate): ThreadWriter {
  const { path, durability, threadUrl, lockedAfterMs, logSizeBytes, onWarning, doubt } = opening;
  const settings = { path, synchronous: "FULL", doubt: doubt.shared } as const;
  return new ThreadWriter({
    thread: new StoreThread(settings, threadUrl),
    // Half of it: here nobody but the thread itself waits for the copy.
    logPages: Math.ceil(logSizeBytes / 2 / pageBytes),
    doubt,
    onWarning,
    gate,
    gatherMs: batchedMsOf(durability),
    lockedAfterMs,
  });
}

function capabilitiesOf(durability: StoreDurability): StoreCapabilities {
  return Object.freeze({
    name: "sqlite",
    durable: true,
    transactions: true,
    shared: true,
    durability: levelsKept(true),
    defaultDurability: durabilityLevel(durability),
  });
}

function warnOfNetwork({ path, onWarning }: Opening): void {
  const name = networkFileSystem(statfsSync(dirname(path)).type);
  if (name === undefined) return;
  onWarning(
    `${path} is on ${name}. SQLite's log needs a local disk: processes of other machines may damage the file.`,
  );
}
