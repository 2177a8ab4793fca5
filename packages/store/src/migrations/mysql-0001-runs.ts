import type { Migration } from "./migration.ts";

const text = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
const options = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'AgentFlow'";
const place = `
      rid BIGINT NOT NULL,
      superstep BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      event BIGINT NOT NULL,
      epoch BIGINT NOT NULL,
      ordinal BIGINT NOT NULL,
      scope VARBINARY(2000) NOT NULL`;

/**
 * The tables of the store for MySQL and MariaDB, whose collations equate texts that differ, and pad them: what
 * identifies is kept as bytes (STO-4). Neither server undoes what a migration did, so each statement can be repeated.
 */
export const mysqlRuns: Migration = {
  version: 1,
  name: "runs",
  up: [
    `CREATE TABLE IF NOT EXISTS af_origins (
      rid BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      created_at BIGINT NOT NULL,
      run_key VARBINARY(1540) NOT NULL,
      tenant VARBINARY(765) NOT NULL,
      run_id VARBINARY(765) NOT NULL,
      workflow VARBINARY(1020) NOT NULL,
      version ${text} NOT NULL,
      fingerprint VARBINARY(255) NOT NULL,
      seed ${text} NOT NULL,
      labels ${text},
      input ${text} NOT NULL,
      UNIQUE KEY af_origins_key (run_key),
      KEY af_origins_newest (tenant, created_at, run_id)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_runs (
      rid BIGINT NOT NULL PRIMARY KEY,
      seq BIGINT NOT NULL,
      epoch BIGINT NOT NULL,
      events BIGINT NOT NULL,
      emitted_seq BIGINT NOT NULL,
      recoveries BIGINT NOT NULL,
      round BIGINT NOT NULL,
      budget_ms DOUBLE NOT NULL,
      steps BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      wake_at BIGINT,
      status VARBINARY(32) NOT NULL,
      owner VARBINARY(765),
      tenant VARBINARY(765) NOT NULL,
      is_open BIGINT GENERATED ALWAYS AS
        (CASE WHEN status IN ('queued', 'running', 'waiting', 'paused') THEN 1 END) VIRTUAL,
      KEY af_runs_open (tenant, is_open),
      KEY af_runs_status (tenant, status)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_definitions (
      tenant VARBINARY(765) NOT NULL,
      fingerprint VARBINARY(255) NOT NULL,
      json ${text} NOT NULL,
      PRIMARY KEY (tenant, fingerprint)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_steps (${place},
      item BIGINT NOT NULL,
      edge BIGINT NOT NULL,
      attempt BIGINT NOT NULL,
      opens BIGINT NOT NULL,
      started_at BIGINT NOT NULL,
      duration_ms DOUBLE NOT NULL,
      node ${text} NOT NULL,
      origin ${text} NOT NULL,
      delta ${text} NOT NULL,
      detail ${text},
      seal ${text},
      PRIMARY KEY (rid, scope, superstep, ordinal),
      KEY af_steps_events (rid, event)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_journal (${place},
      entry BIGINT NOT NULL,
      item BIGINT NOT NULL,
      nth BIGINT NOT NULL,
      attempt BIGINT NOT NULL,
      opens BIGINT NOT NULL,
      ref BIGINT,
      started_at BIGINT NOT NULL,
      at BIGINT NOT NULL,
      duration_ms DOUBLE NOT NULL,
      kind VARBINARY(32) NOT NULL,
      node ${text} NOT NULL,
      name ${text} NOT NULL,
      input_hash ${text} NOT NULL,
      cache ${text},
      value ${text} NOT NULL,
      PRIMARY KEY (rid, scope, superstep, ordinal, entry, kind),
      KEY af_journal_events (rid, event)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_attempts (${place},
      round BIGINT NOT NULL,
      attempt BIGINT NOT NULL,
      item BIGINT NOT NULL,
      opens BIGINT NOT NULL,
      next_at BIGINT,
      started_at BIGINT NOT NULL,
      duration_ms DOUBLE NOT NULL,
      node ${text} NOT NULL,
      outcome ${text} NOT NULL,
      failure ${text} NOT NULL,
      entries ${text},
      PRIMARY KEY (rid, scope, superstep, ordinal, round, attempt),
      KEY af_attempts_events (rid, event)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_marks (
      rid BIGINT NOT NULL,
      event BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      epoch BIGINT NOT NULL,
      at BIGINT NOT NULL,
      type ${text} NOT NULL,
      data ${text},
      state ${text},
      refs ${text},
      PRIMARY KEY (rid, event)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_snapshots (
      rid BIGINT NOT NULL,
      superstep BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      epoch BIGINT NOT NULL,
      event BIGINT NOT NULL,
      scope VARBINARY(2000) NOT NULL,
      refs ${text},
      seal ${text} NOT NULL,
      state ${text} NOT NULL,
      PRIMARY KEY (rid, scope, superstep)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_blobs (
      rid BIGINT NOT NULL,
      hash VARBINARY(255) NOT NULL,
      json ${text} NOT NULL,
      PRIMARY KEY (rid, hash)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_inbox (
      rid BIGINT NOT NULL,
      id BIGINT NOT NULL,
      at BIGINT NOT NULL,
      kind VARBINARY(32) NOT NULL,
      topic VARBINARY(2500) NOT NULL,
      value ${text} NOT NULL,
      sender ${text},
      answers VARBINARY(2500) GENERATED ALWAYS AS (CASE WHEN kind = 'answer' THEN topic END) VIRTUAL,
      PRIMARY KEY (rid, id),
      UNIQUE KEY af_inbox_answers (rid, answers)
    ) ${options}`,
    `CREATE TABLE IF NOT EXISTS af_owners (
      owner_id VARBINARY(765) NOT NULL PRIMARY KEY,
      host ${text} NOT NULL,
      pid BIGINT NOT NULL,
      process_start ${text} NOT NULL,
      counter BIGINT NOT NULL
    ) ${options}`,
  ],
  down: [
    "DROP TABLE IF EXISTS af_owners",
    "DROP TABLE IF EXISTS af_inbox",
    "DROP TABLE IF EXISTS af_blobs",
    "DROP TABLE IF EXISTS af_snapshots",
    "DROP TABLE IF EXISTS af_marks",
    "DROP TABLE IF EXISTS af_attempts",
    "DROP TABLE IF EXISTS af_journal",
    "DROP TABLE IF EXISTS af_steps",
    "DROP TABLE IF EXISTS af_definitions",
    "DROP TABLE IF EXISTS af_runs",
    "DROP TABLE IF EXISTS af_origins",
  ],
  loses: "every run with its steps, journal, history and inbox",
};
