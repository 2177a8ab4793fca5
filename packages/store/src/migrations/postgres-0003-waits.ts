import type { Migration } from "./migration.ts";

/** The tables of SQLite's migration for PostgreSQL. No usual commit changes `wake_at`, so updates stay on their page. */
export const postgresWaits: Migration = {
  version: 3,
  name: "waits",
  up: [
    "ALTER TABLE af_runs ADD COLUMN inbox bigint NOT NULL DEFAULT 0",
    `UPDATE af_runs SET inbox = i.newest FROM (SELECT rid, max(id) AS newest FROM af_inbox GROUP BY rid) i
      WHERE i.rid = af_runs.rid`,
    "CREATE INDEX af_runs_wake ON af_runs (tenant, wake_at) WHERE wake_at IS NOT NULL",
    "ALTER TABLE af_journal ADD COLUMN inbox bigint",
    `CREATE TABLE af_waits (
      rid bigint NOT NULL,
      superstep bigint NOT NULL,
      ordinal bigint NOT NULL,
      entry bigint NOT NULL,
      at bigint NOT NULL,
      deadline bigint,
      tenant text COLLATE "C" NOT NULL,
      scope text COLLATE "C" NOT NULL,
      kind text COLLATE "C" NOT NULL,
      topic text COLLATE "C" NOT NULL,
      PRIMARY KEY (rid, scope, superstep, ordinal, entry)
    )`,
    "CREATE INDEX af_waits_oldest ON af_waits (tenant, kind, at)",
    `INSERT INTO af_waits (rid, scope, superstep, ordinal, entry, tenant, kind, topic, at)
      SELECT j.rid, j.scope, j.superstep, j.ordinal, j.entry, r.tenant, 'answer',
        CASE j.scope WHEN '' THEN '' ELSE j.scope || '/' END || j.superstep || '.' || j.node ||
        CASE j.item WHEN -1 THEN '' ELSE '[' || j.item || ']' END || '#' || j.name || '[' || j.nth || ']', j.at
      FROM af_runs r JOIN af_journal j ON j.rid = r.rid AND j.kind = 'interrupt'
      WHERE r.status IN ('waiting', 'paused') AND NOT EXISTS (SELECT 1 FROM af_journal a WHERE a.rid = j.rid
        AND a.scope = j.scope AND a.superstep = j.superstep AND a.ordinal = j.ordinal AND a.kind = 'answer'
        AND a.name = j.name AND a.nth = j.nth) AND NOT EXISTS (SELECT 1 FROM af_steps s WHERE s.rid = j.rid
        AND s.scope = j.scope AND s.superstep = j.superstep AND s.ordinal = j.ordinal)`,
    `INSERT INTO af_waits (rid, scope, superstep, ordinal, entry, tenant, kind, topic, at)
      SELECT j.rid, j.scope, j.superstep, j.ordinal, j.entry, r.tenant, 'event', j.name, j.at
      FROM af_runs r JOIN af_journal j ON j.rid = r.rid AND j.kind = 'wait'
      WHERE r.status IN ('waiting', 'paused') AND NOT EXISTS (SELECT 1 FROM af_journal e WHERE e.rid = j.rid
        AND e.scope = j.scope AND e.superstep = j.superstep AND e.ordinal = j.ordinal AND e.kind = 'event'
        AND e.name = j.name AND e.nth = j.nth) AND NOT EXISTS (SELECT 1 FROM af_steps s WHERE s.rid = j.rid
        AND s.scope = j.scope AND s.superstep = j.superstep AND s.ordinal = j.ordinal)`,
  ],
  down: [
    "DROP TABLE af_waits",
    "ALTER TABLE af_journal DROP COLUMN inbox",
    "DROP INDEX af_runs_wake",
    "ALTER TABLE af_runs DROP COLUMN inbox",
  ],
  loses: "which events runs in flight have taken, so that they would be taken again",
};
