import type { Migration } from "./migration.ts";

/**
 * What a list of runs is filtered and ordered by stands in one row, so that one index gives a filtered list in its order.
 * The columns are set when a run is made, so that usual commits still change no indexed column.
 */
export const postgresListing: Migration = {
  version: 2,
  name: "listing",
  up: [
    `ALTER TABLE af_runs ADD COLUMN created_at bigint NOT NULL DEFAULT 0,
      ADD COLUMN workflow text COLLATE "C" NOT NULL DEFAULT ''`,
    `UPDATE af_runs r SET created_at = o.created_at, workflow = o.workflow
      FROM af_origins o WHERE o.rid = r.rid`,
    "ALTER TABLE af_runs ALTER COLUMN created_at DROP DEFAULT, ALTER COLUMN workflow DROP DEFAULT",
    "DROP INDEX af_origins_newest",
    "DROP INDEX af_runs_status",
    "ALTER TABLE af_runs DROP COLUMN is_open",
    "CREATE INDEX af_runs_newest ON af_runs (tenant, status, created_at, rid)",
    `CREATE INDEX af_runs_workflow ON af_runs (tenant, workflow, status, created_at, rid)
      WHERE status IN ('succeeded', 'failed', 'cancelled')`,
  ],
  down: [
    "DROP INDEX af_runs_workflow",
    "DROP INDEX af_runs_newest",
    `ALTER TABLE af_runs ADD COLUMN is_open BIGINT GENERATED ALWAYS AS
      (CASE WHEN status IN ('queued', 'running', 'waiting', 'paused') THEN 1 END) STORED`,
    "CREATE INDEX af_runs_open ON af_runs (tenant) WHERE is_open = 1",
    "CREATE INDEX af_runs_status ON af_runs (tenant, status)",
    "CREATE INDEX af_origins_newest ON af_origins (tenant, created_at, run_id)",
    "ALTER TABLE af_runs DROP COLUMN workflow, DROP COLUMN created_at",
  ],
};
