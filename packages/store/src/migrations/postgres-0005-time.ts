import type { Migration } from "./migration.ts";

/** Runs that wait in queues, and schedules. */
export const postgresTime: Migration = {
  version: 5,
  name: "time",
  up: [
    `CREATE TABLE af_queued (
      rid bigint NOT NULL,
      queue text COLLATE "C" NOT NULL,
      tenant text COLLATE "C" NOT NULL,
      topic text COLLATE "C",
      due_at bigint NOT NULL,
      begun_at bigint,
      state bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (rid, queue)
    )`,
    "CREATE INDEX af_queued_turn ON af_queued (tenant, queue, state, due_at)",
    "CREATE INDEX af_queued_key ON af_queued (tenant, queue, topic, state)",
    "CREATE INDEX af_queued_begun ON af_queued (tenant, queue, begun_at)",
    `CREATE TABLE af_schedules (
      tenant text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      workflow text COLLATE "C" NOT NULL,
      revision bigint NOT NULL,
      next_at bigint,
      json text NOT NULL,
      PRIMARY KEY (tenant, name)
    )`,
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
