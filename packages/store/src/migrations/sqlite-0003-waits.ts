import type { Migration } from "./migration.ts";

/**
 * What runs wait for, to be found over all of them, and on each head the newest row of its inbox, so that a commit tells
 * of it without asking (S13, S21).
 */
export const sqliteWaits: Migration = {
  version: 3,
  name: "waits",
  up: [
    "ALTER TABLE af_runs ADD COLUMN inbox INTEGER NOT NULL DEFAULT 0",
    `UPDATE af_runs SET inbox = (SELECT max(id) FROM af_inbox i WHERE i.rid = af_runs.rid)
      WHERE rid IN (SELECT rid FROM af_inbox)`,
    "CREATE INDEX af_runs_wake ON af_runs (tenant, wake_at) WHERE wake_at IS NOT NULL",
    "ALTER TABLE af_journal ADD COLUMN inbox INTEGER",
    `CREATE TABLE af_waits (
      rid INTEGER NOT NULL,
      scope TEXT NOT NULL,
      superstep INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      entry INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      kind TEXT NOT NULL,
      topic TEXT NOT NULL,
      at INTEGER NOT NULL,
      deadline INTEGER,
      PRIMARY KEY (rid, scope, superstep, ordinal, entry)
    ) WITHOUT ROWID`,
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
