import type { Migration } from "./migration.ts";

/** What retention needs: which runs are on their way out, which were exported, and when the last round was. */
export const sqliteRetention: Migration = {
  version: 4,
  name: "retention",
  up: [
    "ALTER TABLE af_runs ADD COLUMN history_removed_at INTEGER",
    `CREATE TABLE af_removed (
      rid INTEGER PRIMARY KEY,
      tenant TEXT NOT NULL,
      run_id TEXT NOT NULL,
      part TEXT NOT NULL
    )`,
    `CREATE TABLE af_exports (
      rid INTEGER PRIMARY KEY,
      tenant TEXT NOT NULL,
      seq INTEGER NOT NULL,
      batch TEXT NOT NULL,
      claimed_at INTEGER NOT NULL,
      exported_at INTEGER
    )`,
    "CREATE INDEX af_exports_open ON af_exports (tenant, batch) WHERE exported_at IS NULL",
    "CREATE TABLE af_rounds (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO af_rounds (name, at) VALUES ('retention', 0)",
  ],
  down: [
    "DROP TABLE af_rounds",
    "DROP TABLE af_exports",
    "DROP TABLE af_removed",
    "ALTER TABLE af_runs DROP COLUMN history_removed_at",
  ],
  loses: "which runs were exported, and which have lost their history",
};
