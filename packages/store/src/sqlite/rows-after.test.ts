import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrateSqlite } from "../migrations/migrate-sqlite.ts";
import { attemptPages, journalPages, stepPages } from "./run-reader.ts";

for (const [table, index, { flow }] of [
  ["af_steps", "af_steps_calls", stepPages],
  ["af_journal", "af_journal_nested", journalPages],
  ["af_attempts", "af_attempts_nested", attemptPages],
] as const) {
  test(`a page of a flow's rows is read by their events, whatever their number (${table}, ENG-62)`, () => {
    using db = new DatabaseSync(":memory:");
    migrateSqlite(db);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${flow}`).all(1, "0.flow", 0, 100);
    assert.deepEqual(
      plan.map(({ detail }) => detail),
      [`SEARCH ${table} USING INDEX ${index} (rid=? AND scope=? AND event>?)`],
    );
  });
}
