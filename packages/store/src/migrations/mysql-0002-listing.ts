import type { Migration } from "./migration.ts";

/**
 * What a list of runs is filtered and ordered by stands in one row, so that one index gives a filtered list in its order.
 */
export const mysqlListing: Migration = {
  version: 2,
  name: "listing",
  up: [
    "ALTER TABLE af_runs ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE af_runs ADD COLUMN workflow VARBINARY(1020) NOT NULL DEFAULT ''",
    `UPDATE af_runs r JOIN af_origins o ON o.rid = r.rid
      SET r.created_at = o.created_at, r.workflow = o.workflow`,
    "ALTER TABLE af_origins DROP KEY af_origins_newest",
    "ALTER TABLE af_runs DROP KEY af_runs_open",
    "ALTER TABLE af_runs DROP KEY af_runs_status",
    "ALTER TABLE af_runs DROP COLUMN is_open",
    "ALTER TABLE af_runs ADD KEY af_runs_newest (tenant, status, created_at)",
    "ALTER TABLE af_runs ADD KEY af_runs_workflow (tenant, workflow, status, created_at)",
  ],
  down: [
    "ALTER TABLE af_runs DROP KEY af_runs_workflow",
    "ALTER TABLE af_runs DROP KEY af_runs_newest",
    `ALTER TABLE af_runs ADD COLUMN is_open BIGINT GENERATED ALWAYS AS
      (CASE WHEN status IN ('queued', 'running', 'waiting', 'paused') THEN 1 END) VIRTUAL`,
    "ALTER TABLE af_runs ADD KEY af_runs_open (tenant, is_open)",
    "ALTER TABLE af_runs ADD KEY af_runs_status (tenant, status)",
    "ALTER TABLE af_origins ADD KEY af_origins_newest (tenant, created_at, run_id)",
    "ALTER TABLE af_runs DROP COLUMN workflow",
    "ALTER TABLE af_runs DROP COLUMN created_at",
  ],
};
