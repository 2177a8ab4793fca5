import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCommit, sampleSnapshot, startCommit, stepCommit } from "@agentflow/contracts";
import type { RunCommit } from "@agentflow/core";
import { commitUnits } from "../sql/commit-units.ts";
import { arrayLiteral } from "./array-literal.ts";
import { commitStatement } from "./commit-statement.ts";

function sqlOf(...members: readonly RunCommit[]): string {
  return commitUnits(members)
    .map((units) => commitStatement(units).sql)
    .join(";");
}

test("batches of any size with the same kinds of rows are one prepared statement", () => {
  const group = (size: number) =>
    Array.from({ length: size }, (_, index) => stepCommit(2, { runId: `run-${index}` }));
  assert.equal(sqlOf(...group(2)), sqlOf(...group(50)));
  assert.notEqual(sqlOf(...group(1)), sqlOf(...group(2)));
});

test("a statement inserts into the tables that have rows, and fences only what is there", () => {
  const step = sqlOf(stepCommit(2));
  assert.match(step, /INSERT INTO af_steps/);
  assert.doesNotMatch(step, /af_journal|INSERT INTO af_origins|FOR UPDATE/);
  assert.match(sqlOf(startCommit()), /INSERT INTO af_origins.*INSERT INTO af_runs.*INSERT INTO af_marks/s);
  assert.match(sqlOf(nextCommit(2, { snapshots: [sampleSnapshot()] })), /DO UPDATE SET/);
});

test("heads of several runs are locked in one order before any is changed", () => {
  const sql = sqlOf(stepCommit(2), stepCommit(2, { runId: "run-2" }));
  assert.match(sql, /ORDER BY rid FOR UPDATE.*UPDATE af_runs/s);
});

test("array literals keep quotes, backslashes, NULL and the word NULL apart", () => {
  assert.equal(
    arrayLiteral(['a"b\\c,{}', null, "NULL", "", 1.5, -2]),
    '{"a\\"b\\\\c,{}",NULL,"NULL","",1.5,-2}',
  );
  assert.equal(arrayLiteral([]), "{}");
});
