import { DatabaseSync } from "node:sqlite";

/**
 * Keeps SQLite from copying the write-ahead log into the file when the last connection closes: one that may only read
 * cannot, and is closed after all others by what this returns.
 */
export function keepLog(path: string): () => void {
  const db = new DatabaseSync(path, { readOnly: true });
  // From its first read on it counts as a user of the log.
  db.prepare("SELECT count(*) FROM sqlite_master").get();
  return () => db.close();
}
