import type { Migration } from "./migration.ts";

/** What retention needs: which runs are on their way out, which were exported, and when the last round was. */
export const postgresRetention: Migration = {
  version: 4,
  name: "retention",
  up: [
    "ALTER TABLE af_runs ADD COLUMN history_removed_at bigint",
    `CREATE TABLE af_removed (
      rid bigint PRIMARY KEY,
      tenant text COLLATE "C" NOT NULL,
      run_id text COLLATE "C" NOT NULL,
      part text NOT NULL
    )`,
    `CREATE TABLE af_exports (
      rid bigint PRIMARY KEY,
      tenant text COLLATE "C" NOT NULL,
      seq bigint NOT NULL,
      batch text COLLATE "C" NOT NULL,
      claimed_at bigint NOT NULL,
      exported_at bigint
    )`,
    "CREATE INDEX af_exports_open ON af_exports (tenant, batch) WHERE exported_at IS NULL",
    'CREATE TABLE af_rounds (name text COLLATE "C" PRIMARY KEY, at bigint NOT NULL)',
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
