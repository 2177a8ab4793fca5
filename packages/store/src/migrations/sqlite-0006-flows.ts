import type { Migration } from "./migration.ts";

/**
 * Rows of flows by event: the calls of a flow end in any order, so that events do not grow with its supersteps and a page
 * of them could only be found by looking through all. Steps of flows, and first ones of nested workflows, come from no
 * other step; journals and failed attempts are few beside steps. Rows of a run's own scope are in none of these.
 */
export const sqliteFlows: Migration = {
  version: 6,
  name: "flows",
  up: [
    "CREATE INDEX af_steps_calls ON af_steps (rid, scope, event) WHERE scope <> '' AND origin = ''",
    "CREATE INDEX af_journal_nested ON af_journal (rid, scope, event) WHERE scope <> ''",
    "CREATE INDEX af_attempts_nested ON af_attempts (rid, scope, event) WHERE scope <> ''",
  ],
  down: ["DROP INDEX af_attempts_nested", "DROP INDEX af_journal_nested", "DROP INDEX af_steps_calls"],
};
