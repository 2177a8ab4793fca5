import type { Migration } from "./migration.ts";

/** Runs that wait in queues, and schedules. */
export const sqliteTime: Migration = {
  version: 5,
  name: "time",
  up: [
    `CREATE TABLE af_queued (
      rid INTEGER NOT NULL,
      queue TEXT NOT NULL,
      tenant TEXT NOT NULL,
      topic TEXT,
      due_at INTEGER NOT NULL,
      begun_at INTEGER,
      state INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (rid, queue)
    ) WITHOUT ROWID`,
    "CREATE INDEX af_queued_turn ON af_queued (tenant, queue, state, due_at)",
    "CREATE INDEX af_queued_key ON af_queued (tenant, queue, topic, state)",
    "CREATE INDEX af_queued_begun ON af_queued (tenant, queue, begun_at)",
    `CREATE TABLE af_schedules (
      tenant TEXT NOT NULL,
      name TEXT NOT NULL,
      workflow TEXT NOT NULL,
      revision INTEGER NOT NULL,
      next_at INTEGER,
      json TEXT NOT NULL,
      PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID`,
    "INSERT INTO af_rounds (name, at) VALUES ('queues', 0)",
    "INSERT INTO af_rounds (name, at) VALUES ('schedules', 0)",
  ],
  down: [
    "DELETE FROM af_rounds WHERE name IN ('queues', 'schedules')",
    "DROP TABLE af_schedules",
    "DROP TABLE af_queued",
  ],
  loses: "schedules, and the places of runs in queues",
};
