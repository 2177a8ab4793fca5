import type { Migration } from "./migration.ts";

const options = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'AgentFlow'";

/** What retention needs: which runs are on their way out, which were exported, and when the last round was. */
export const mysqlRetention: Migration = {
  version: 4,
  name: "retention",
  up: [
    "ALTER TABLE af_runs ADD COLUMN history_removed_at BIGINT",
    `CREATE TABLE af_removed (
      rid BIGINT NOT NULL PRIMARY KEY,
      tenant VARBINARY(765) NOT NULL,
      run_id VARBINARY(765) NOT NULL,
      part VARBINARY(32) NOT NULL
    ) ${options}`,
    `CREATE TABLE af_exports (
      rid BIGINT NOT NULL PRIMARY KEY,
      tenant VARBINARY(765) NOT NULL,
      seq BIGINT NOT NULL,
      batch VARBINARY(765) NOT NULL,
      claimed_at BIGINT NOT NULL,
      exported_at BIGINT,
      KEY af_exports_open (tenant, exported_at, batch)
    ) ${options}`,
    `CREATE TABLE af_rounds (
      name VARBINARY(32) NOT NULL PRIMARY KEY,
      at BIGINT NOT NULL
    ) ${options}`,
    "REPLACE INTO af_rounds (name, at) VALUES ('retention', 0)",
  ],
  down: [
    "DROP TABLE af_rounds",
    "DROP TABLE af_exports",
    "DROP TABLE af_removed",
    "ALTER TABLE af_runs DROP COLUMN history_removed_at",
  ],
  loses: "which runs were exported, and which have lost their history",
};
