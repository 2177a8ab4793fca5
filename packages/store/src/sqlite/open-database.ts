import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AgentFlowError,
  StoreFullError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";
import { makeFolder } from "../files/replace-file.ts";
import { isWritable, sqliteError } from "./sqlite-error.ts";

/** How a connection is opened. */
export interface ConnectionSettings {
  readonly path: string;
  readonly synchronous: "FULL" | "NORMAL";
  /** Opens the file; a seam for watching statements. */
  readonly open?: ((path: string) => DatabaseSync) | undefined;
}

// How long SQLite itself waits for a lock on the calling thread (STO-3 allows 50 ms).
const busyTimeoutMs = 20;
// A log that starts over keeps this much of its file where commits sync, because writing over a file syncs faster
// than extending it. Elsewhere it shrinks, so that its size tells how much is left to copy.
const logBytesKept = 64 * 1024 * 1024;

// A sequential commit changes two pages. With 2 kB a page it writes half the log of SQLite's default 4 kB and is a
// third faster; 1 kB gains nothing more and pushes medium-sized deltas into overflow pages.
export const pageBytes = 2_048;

/**
 * Opens a connection in WAL mode.
 * Throws typed store errors.
 */
export function openDatabase(settings: ConnectionSettings): DatabaseSync {
  const { path, synchronous, open } = settings;
  let db: DatabaseSync | undefined;
  try {
    db = open?.(path) ?? new DatabaseSync(path);
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    if (journalMode(db) !== "wal") db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL`);
    db.exec(
      // Copies of the log that commits start by themselves do not tell when they fail.
      `PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0;` +
        `PRAGMA journal_size_limit = ${synchronous === "FULL" ? logBytesKept : 0}`,
    );
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw sqliteError(error, path);
  }
}

/**
 * Creates the folder of the file (mode 700); its name survives a power loss, as what is committed in it has to. Throws
 * StoreReadOnlyError, StoreFullError or StoreUnavailableError.
 */
export async function prepareFolder(path: string): Promise<void> {
  const folder = dirname(path);
  // Asked first: creating a folder where nothing may be written fails with misleading reasons.
  if (!isWritable(path)) throw new StoreReadOnlyError(`${path} cannot be written.`, { context: { path } });
  try {
    await makeFolder(folder, { sync: true });
  } catch (error) {
    throw folderError(error, folder);
  }
}

function folderError(error: unknown, folder: string): AgentFlowError {
  const details = { cause: error, context: { path: folder } };
  switch ((error as NodeJS.ErrnoException).code) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new StoreReadOnlyError(`The folder ${folder} cannot be created.`, details);
    case "ENOSPC":
    case "EDQUOT":
      return new StoreFullError(`The disk of ${folder} is full.`, details);
    default:
      return new StoreUnavailableError(`The folder ${folder} cannot be used: ${String(error)}.`, details);
  }
}

function journalMode(db: DatabaseSync): unknown {
  return db.prepare("PRAGMA journal_mode").get()?.["journal_mode"];
}
