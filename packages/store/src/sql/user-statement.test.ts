import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "@agentflow/core";
import { checkUserStatement, type StatementRules } from "./user-statement.ts";

const rules: StatementRules = {
  literals: /'(?:[^']|'')*'/g,
  allows: (firstWord) => firstWord !== "commit",
  hidden: /\bu&"/i,
};

for (const sql of [
  "SELECT 'af_runs', 'it''s af_steps' FROM payments",
  "INSERT INTO draft_af (x) VALUES ('commit')",
  "-- commit\nSELECT 1",
  "",
]) {
  test(`a workflow may run ${JSON.stringify(sql)}`, () => checkUserStatement(sql, rules));
}

for (const sql of [
  "SELECT * FROM af_runs",
  'DELETE FROM "AF_STEPS"',
  "SELECT ''''; SELECT * FROM public.af_runs",
  "COMMIT",
  ";COMMIT",
  " \n/* a */ -- b\n(commit)",
  'SELECT * FROM U&"\\0061f_runs"',
]) {
  test(`a workflow may not run ${JSON.stringify(sql)}`, () => {
    assert.throws(
      () => checkUserStatement(sql, rules),
      (error) => error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID",
    );
  });
}
