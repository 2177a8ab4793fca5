import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ConfigError, type StoreBackend, type StoreCapabilities } from "@agentflow/core";
import { migrateSqlite } from "../migrations/migrate-sqlite.ts";
import { checkDurability, durabilityLevel, type StoreDurability } from "../store-durability.ts";
import { Checkpointer } from "./checkpointer.ts";
import { DirectWriter } from "./direct-writer.ts";
import { networkFileSystem } from "./network-file-system.ts";
import { openDatabase, prepareFolder } from "./open-database.ts";
import { retryLocked } from "./retry-locked.ts";
import { SqliteAccess } from "./sqlite-access.ts";
import { sqliteError } from "./sqlite-error.ts";
import { SqliteInbox } from "./sqlite-inbox.ts";
import { SqliteOwners } from "./sqlite-owners.ts";
import { SqliteRuns } from "./sqlite-runs.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import { StoreThread, threadFile } from "./store-thread-client.ts";
import { ThreadWriter } from "./thread-writer.ts";
import { type SqliteParts, sqliteParts, type WriteOperations, writeSession } from "./write-session.ts";

/** The levels that SQLite keeps: all of them. */
export type SqliteDurability = StoreDurability;

/** Options of {@link openSqlite}. */
export interface SqliteOptions {
  /** The database file; its folder is created on first use. */
  readonly path: string;
  /** Default: "normal". */
  readonly durability?: SqliteDurability;
  /** How long an operation waits for another process's lock before StoreLockedError, in milliseconds. Default 5000. */
  readonly lockedAfterMs?: number;
  /** Opens the connection of the calling thread, so that a recorder can wrap it. */
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
  readonly open: SqliteOptions["openDatabase"];
  readonly threadUrl: URL;
  readonly onWarning: (message: string) => void;
}

// About 8 MB of log between two copies, each of which costs two syncs.
const checkpointPages = 4_000;

/**
 * Opens, or creates, the store in a SQLite file and brings its schema up to date. Throws StoreCorruptError,
 * StoreReadOnlyError, StoreFullError, StoreLockedError, StoreNewerError or StoreUnavailableError; the file is then
 * as it was.
 */
export async function openSqlite(options: SqliteOptions): Promise<StoreBackend> {
  const opening = resolveOptions(options);
  const { path, durability, lockedAfterMs } = opening;
  prepareFolder(path);
  warnOfNetwork(opening);
  const synchronous = durability === "normal" ? "NORMAL" : "FULL";
  const db = await retryLocked(() => openMigrated(opening, synchronous), lockedAfterMs);
  const parts = sqliteParts(db);
  const writer =
    durability === "normal" ? directWriter(opening, db, parts) : threadWriter(opening, durability);
  const access = new SqliteAccess({ db, path, parts, writer, lockedAfterMs });
  return {
    runs: new SqliteRuns(access, capabilitiesOf(durability)),
    owners: new SqliteOwners(access),
    inbox: new SqliteInbox(access),
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
    open: options.openDatabase,
    threadUrl: options.threadUrl ?? threadFile(),
    onWarning: options.onWarning ?? ((message) => process.emitWarning(message, "AgentFlowWarning")),
  };
}

function openMigrated({ path, open }: Opening, synchronous: "FULL" | "NORMAL"): DatabaseSync {
  const db = openDatabase({ path, synchronous, checkpointPages: 0, open });
  try {
    migrateSqlite(db);
    return db;
  } catch (error) {
    db.close();
    throw sqliteError(error, path);
  }
}

function directWriter(opening: Opening, db: DatabaseSync, parts: SqliteParts): SqliteWriter {
  const { path, onWarning, threadUrl, lockedAfterMs } = opening;
  let second: { readonly db: DatabaseSync; readonly operations: WriteOperations } | undefined;
  const settings = { path, synchronous: "NORMAL", checkpointPages: 0 } as const;
  return new DirectWriter({
    operations: writeSession(db, path, parts),
    transactions() {
      if (second === undefined) {
        const other = openDatabase(settings);
        second = { db: other, operations: writeSession(other, path, sqliteParts(other)) };
      }
      return second.operations;
    },
    checkpointer: new Checkpointer({
      path,
      onWarning,
      startThread: () => new StoreThread(settings, threadUrl),
    }),
    lockedAfterMs,
    close() {
      second?.db.close();
      db.close();
    },
  });
}

function threadWriter(opening: Opening, durability: "strict" | { readonly batchedMs: number }): SqliteWriter {
  const { path, threadUrl, lockedAfterMs } = opening;
  return new ThreadWriter({
    thread: new StoreThread({ path, synchronous: "FULL", checkpointPages }, threadUrl),
    gatherMs: durability === "strict" ? 0 : durability.batchedMs,
    lockedAfterMs,
  });
}

function capabilitiesOf(durability: StoreDurability): StoreCapabilities {
  return Object.freeze({
    name: "sqlite",
    durable: true,
    transactions: true,
    shared: true,
    durability: [durabilityLevel(durability)],
  });
}

function warnOfNetwork({ path, onWarning }: Opening): void {
  const name = networkFileSystem(statfsSync(dirname(path)).type);
  if (name === undefined) return;
  onWarning(
    `${path} is on ${name}. SQLite's log needs a local disk: processes of other machines may damage the file.`,
  );
}
