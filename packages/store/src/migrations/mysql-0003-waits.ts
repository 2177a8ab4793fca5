import type { Migration } from "./migration.ts";

/** The tables of SQLite's migration for MySQL and MariaDB. */
export const mysqlWaits: Migration = {
  version: 3,
  name: "waits",
  up: [
    "ALTER TABLE af_runs ADD COLUMN inbox BIGINT NOT NULL DEFAULT 0",
    `UPDATE af_runs r JOIN (SELECT rid, MAX(id) AS newest FROM af_inbox GROUP BY rid) i ON i.rid = r.rid
      SET r.inbox = i.newest`,
    "ALTER TABLE af_runs ADD INDEX af_runs_wake (tenant, wake_at)",
    "ALTER TABLE af_journal ADD COLUMN inbox BIGINT",
    `CREATE TABLE af_waits (
      rid BIGINT NOT NULL,
      superstep BIGINT NOT NULL,
      ordinal BIGINT NOT NULL,
      entry BIGINT NOT NULL,
      at BIGINT NOT NULL,
      deadline BIGINT,
      tenant VARBINARY(765) NOT NULL,
      scope VARBINARY(2000) NOT NULL,
      kind VARBINARY(32) NOT NULL,
      topic VARBINARY(2500) NOT NULL,
      PRIMARY KEY (rid, scope, superstep, ordinal, entry),
      KEY af_waits_oldest (tenant, kind, at)
    ) ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'AgentFlow'`,
    `INSERT INTO af_waits (rid, scope, superstep, ordinal, entry, tenant, kind, topic, at)
      SELECT j.rid, j.scope, j.superstep, j.ordinal, j.entry, r.tenant, 'answer',
        CONCAT(CASE j.scope WHEN '' THEN '' ELSE CONCAT(j.scope, '/') END, j.superstep, '.', j.node,
        CASE j.item WHEN -1 THEN '' ELSE CONCAT('[', j.item, ']') END, '#', j.name, '[', j.nth, ']'), j.at
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
    "ALTER TABLE af_runs DROP INDEX af_runs_wake",
    "ALTER TABLE af_runs DROP COLUMN inbox",
  ],
  loses: "which events runs in flight have taken, so that they would be taken again",
};
