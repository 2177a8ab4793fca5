import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "@agentflow/core";
import type { LogDoubt } from "./log-doubt.ts";
import { rewriteLog } from "./rewrite-log.ts";

/** A log, over one of its connections. */
export interface CopiedLog {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly doubt: LogDoubt;
}

/** How a log is copied (sqlite.org/pragma.html#pragma_wal_checkpoint). */
export type CopyMode = "PASSIVE" | "RESTART" | "TRUNCATE";

/** Writes the log anew if a failed sync has left it in doubt. To be called before anything that syncs. */
export function settleLog({ db, path, doubt }: CopiedLog): void {
  if (!doubt.isLogInDoubt) return;
  rewriteLog(db, path);
  doubt.settleLog();
}

/**
 * Copies the write-ahead log into the file if at least `pagesMin` of its pages are to be copied; returns how many are
 * left. Throws StoreUnavailableError once a sync has failed on the way, and what SQLite throws.
 */
export function copyLog(log: CopiedLog, mode: CopyMode, pagesMin = 0): number {
  const { db, path, doubt } = log;
  if (doubt.isFileInDoubt) {
    throw new StoreUnavailableError(
      `A sync failed while the log of ${path} was copied: who opens the store alone copies it again.`,
      { hint: "Close the store in all processes and open it again.", context: { path } },
    );
  }
  settleLog(log);
  const copy = (how: CopyMode | "NOOP"): number => {
    const row = db.prepare(`PRAGMA wal_checkpoint(${how})`).get();
    return Number(row?.["log"] ?? 0) - Number(row?.["checkpointed"] ?? 0);
  };
  try {
    // Before version 3.51 SQLite takes NOOP for PASSIVE.
    if (pagesMin > 0 && copy("NOOP") < pagesMin) return 0;
    return copy(mode);
  } catch (error) {
    doubt.hear(error, true);
    throw error;
  }
}
