import type { Migration } from "./migration.ts";

const place = `
      rid bigint NOT NULL,
      superstep bigint NOT NULL,
      seq bigint NOT NULL,
      event bigint NOT NULL,
      epoch bigint NOT NULL,
      ordinal bigint NOT NULL,
      scope text COLLATE "C" NOT NULL`;

/**
 * The tables of SQLite's store for PostgreSQL. `af_runs`, which each commit updates, has room on its pages and no
 * index over a column that usual commits change, so that an update stays on its page. Text may be of any length and
 * is compared by bytes where it identifies (STO-4). A run is found by one column that joins tenant and run id, so that
 * no index but its own can answer.
 */
export const postgresRuns: Migration = {
  version: 1,
  name: "runs",
  up: [
    `CREATE TABLE af_origins (
      rid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      created_at bigint NOT NULL,
      run_key text COLLATE "C" NOT NULL UNIQUE,
      tenant text COLLATE "C" NOT NULL,
      run_id text COLLATE "C" NOT NULL,
      workflow text COLLATE "C" NOT NULL,
      version text NOT NULL,
      fingerprint text COLLATE "C" NOT NULL,
      seed text NOT NULL,
      labels text,
      input text NOT NULL
    )`,
    "CREATE INDEX af_origins_newest ON af_origins (tenant, created_at, run_id)",
    `CREATE TABLE af_runs (
      rid bigint PRIMARY KEY,
      seq bigint NOT NULL,
      epoch bigint NOT NULL,
      events bigint NOT NULL,
      emitted_seq bigint NOT NULL,
      recoveries bigint NOT NULL,
      round bigint NOT NULL,
      budget_ms double precision NOT NULL,
      steps bigint NOT NULL,
      updated_at bigint NOT NULL,
      wake_at bigint,
      status text COLLATE "C" NOT NULL,
      owner text COLLATE "C",
      tenant text COLLATE "C" NOT NULL,
      is_open bigint GENERATED ALWAYS AS
        (CASE WHEN status IN ('queued', 'running', 'waiting', 'paused') THEN 1 END) STORED
    ) WITH (fillfactor = 50)`,
    "CREATE INDEX af_runs_open ON af_runs (tenant) WHERE is_open = 1",
    "CREATE INDEX af_runs_status ON af_runs (tenant, status)",
    `CREATE TABLE af_definitions (
      tenant text COLLATE "C" NOT NULL,
      fingerprint text COLLATE "C" NOT NULL,
      json text NOT NULL,
      PRIMARY KEY (tenant, fingerprint)
    )`,
    `CREATE TABLE af_steps (${place},
      item bigint NOT NULL,
      edge bigint NOT NULL,
      attempt bigint NOT NULL,
      opens bigint NOT NULL,
      started_at bigint NOT NULL,
      duration_ms double precision NOT NULL,
      node text NOT NULL,
      origin text NOT NULL,
      delta text NOT NULL,
      detail text,
      seal text,
      PRIMARY KEY (rid, scope, superstep, ordinal)
    )`,
    "CREATE INDEX af_steps_events ON af_steps (rid, event)",
    `CREATE TABLE af_journal (${place},
      entry bigint NOT NULL,
      item bigint NOT NULL,
      nth bigint NOT NULL,
      attempt bigint NOT NULL,
      opens bigint NOT NULL,
      ref bigint,
      started_at bigint NOT NULL,
      at bigint NOT NULL,
      duration_ms double precision NOT NULL,
      kind text COLLATE "C" NOT NULL,
      node text NOT NULL,
      name text NOT NULL,
      input_hash text NOT NULL,
      cache text,
      value text NOT NULL,
      PRIMARY KEY (rid, scope, superstep, ordinal, entry, kind)
    )`,
    "CREATE INDEX af_journal_events ON af_journal (rid, event)",
    `CREATE TABLE af_attempts (${place},
      round bigint NOT NULL,
      attempt bigint NOT NULL,
      item bigint NOT NULL,
      opens bigint NOT NULL,
      next_at bigint,
      started_at bigint NOT NULL,
      duration_ms double precision NOT NULL,
      node text NOT NULL,
      outcome text NOT NULL,
      failure text NOT NULL,
      entries text,
      PRIMARY KEY (rid, scope, superstep, ordinal, round, attempt)
    )`,
    "CREATE INDEX af_attempts_events ON af_attempts (rid, event)",
    `CREATE TABLE af_marks (
      rid bigint NOT NULL,
      event bigint NOT NULL,
      seq bigint NOT NULL,
      epoch bigint NOT NULL,
      at bigint NOT NULL,
      type text NOT NULL,
      data text,
      state text,
      refs text,
      PRIMARY KEY (rid, event)
    )`,
    `CREATE TABLE af_snapshots (
      rid bigint NOT NULL,
      superstep bigint NOT NULL,
      seq bigint NOT NULL,
      epoch bigint NOT NULL,
      event bigint NOT NULL,
      scope text COLLATE "C" NOT NULL,
      refs text,
      seal text NOT NULL,
      state text NOT NULL,
      PRIMARY KEY (rid, scope, superstep)
    )`,
    `CREATE TABLE af_blobs (
      rid bigint NOT NULL,
      hash text COLLATE "C" NOT NULL,
      json text NOT NULL,
      PRIMARY KEY (rid, hash)
    )`,
    `CREATE TABLE af_inbox (
      rid bigint NOT NULL,
      id bigint NOT NULL,
      at bigint NOT NULL,
      kind text NOT NULL,
      topic text COLLATE "C" NOT NULL,
      value text NOT NULL,
      sender text,
      PRIMARY KEY (rid, id)
    )`,
    "CREATE UNIQUE INDEX af_inbox_answers ON af_inbox (rid, topic) WHERE kind = 'answer'",
    `CREATE TABLE af_owners (
      owner_id text COLLATE "C" PRIMARY KEY,
      host text NOT NULL,
      pid bigint NOT NULL,
      process_start text NOT NULL,
      counter bigint NOT NULL
    )`,
  ],
  down: [
    "DROP TABLE af_owners",
    "DROP TABLE af_inbox",
    "DROP TABLE af_blobs",
    "DROP TABLE af_snapshots",
    "DROP TABLE af_marks",
    "DROP TABLE af_attempts",
    "DROP TABLE af_journal",
    "DROP TABLE af_steps",
    "DROP TABLE af_definitions",
    "DROP TABLE af_runs",
    "DROP TABLE af_origins",
  ],
  loses: "every run with its steps, journal, history and inbox",
};
