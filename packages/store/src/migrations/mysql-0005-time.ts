import type { Migration } from "./migration.ts";

const options = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'AgentFlow'";
const text = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/** Runs that wait in queues, and schedules. */
export const mysqlTime: Migration = {
  version: 5,
  name: "time",
  up: [
    `CREATE TABLE af_queued (
      rid BIGINT NOT NULL,
      queue VARBINARY(255) NOT NULL,
      tenant VARBINARY(765) NOT NULL,
      topic VARBINARY(765),
      due_at BIGINT NOT NULL,
      begun_at BIGINT,
      state BIGINT NOT NULL DEFAULT 0,
      PRIMARY KEY (rid, queue),
      KEY af_queued_turn (tenant, queue, state, due_at),
      KEY af_queued_key (tenant, queue, topic, state),
      KEY af_queued_begun (tenant, queue, begun_at)
    ) ${options}`,
    `CREATE TABLE af_schedules (
      tenant VARBINARY(765) NOT NULL,
      name VARBINARY(255) NOT NULL,
      workflow VARBINARY(1020) NOT NULL,
      revision BIGINT NOT NULL,
      next_at BIGINT,
      json ${text} NOT NULL,
      PRIMARY KEY (tenant, name)
    ) ${options}`,
    "REPLACE INTO af_rounds (name, at) VALUES ('queues', 0)",
    "REPLACE INTO af_rounds (name, at) VALUES ('schedules', 0)",
  ],
  down: [
    "DELETE FROM af_rounds WHERE name IN ('queues', 'schedules')",
    "DROP TABLE af_schedules",
    "DROP TABLE af_queued",
  ],
  loses: "schedules, and the places of runs in queues",
};
