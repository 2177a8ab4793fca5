import type { Migration } from "./migration.ts";

/**
 * What a list of runs is filtered and ordered by stands in one row, so that one index gives a filtered list in its order.
 * The columns are set when a run is made; only its status moves it within an index. Within a workflow unfinished runs
 * need no index of their own: there are few of them.
 */
export const sqliteListing: Migration = {
  version: 2,
  name: "listing",
  up: [
    "ALTER TABLE af_runs ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE af_runs ADD COLUMN workflow TEXT NOT NULL DEFAULT ''",
    `UPDATE af_runs SET created_at = o.created_at, workflow = o.workflow
      FROM af_origins o WHERE o.rid = af_runs.rid`,
    "DROP INDEX af_origins_newest",
    "DROP INDEX af_runs_open",
    "CREATE INDEX af_runs_newest ON af_runs (tenant, status, created_at)",
    `CREATE INDEX af_runs_workflow ON af_runs (tenant, workflow, status, created_at)
      WHERE status IN ('succeeded', 'failed', 'cancelled')`,
  ],
  down: [
    "DROP INDEX af_runs_workflow",
    "DROP INDEX af_runs_newest",
    `CREATE INDEX af_runs_open ON af_runs (tenant, status)
      WHERE status IN ('queued', 'running', 'waiting', 'paused')`,
    "CREATE INDEX af_origins_newest ON af_origins (tenant, created_at, run_id)",
    "ALTER TABLE af_runs DROP COLUMN workflow",
    "ALTER TABLE af_runs DROP COLUMN created_at",
  ],
};
