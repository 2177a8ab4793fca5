import assert from "node:assert/strict";
import { test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import type { RunCommit } from "@agentflow/core";
import { commitUnits } from "./commit-units.ts";

function membersOf(group: readonly RunCommit[]): (readonly number[])[][] {
  return commitUnits(group).map((wave) => wave.map(({ members }) => members));
}

test("commits of a run that follow each other become one, behind the first one's fence", () => {
  const group = [stepCommit(2), stepCommit(3, { release: true }), stepCommit(4)];
  const [[unit] = []] = commitUnits(group);
  assert.deepEqual(unit?.members, [0, 1, 2]);
  assert.equal(unit?.commit.expectedSeq, 1);
  assert.deepEqual(unit?.commit.progress, group[2]?.progress);
  assert.equal(unit?.commit.release, true);
  assert.deepEqual(
    unit?.commit.steps.map(({ seq }) => seq),
    [2, 3, 4],
  );
});

test("a first commit takes those that follow with it", () => {
  const group = [startCommit(), stepCommit(2)];
  const [[unit] = []] = commitUnits(group);
  assert.deepEqual(unit?.members, [0, 1]);
  assert.deepEqual(unit?.commit.create, group[0]?.create);
  assert.equal(unit?.commit.progress.seq, 2);
});

test("what does not follow comes in a later wave, so that a run's commits keep their order", () => {
  const twice = [stepCommit(2), stepCommit(2), stepCommit(3)];
  assert.deepEqual(membersOf(twice), [[[0]], [[1, 2]]]);
  const otherEpoch = [stepCommit(2), stepCommit(3, { progress: { epoch: 2 } })];
  assert.deepEqual(membersOf(otherEpoch), [[[0]], [[1]]]);
  assert.deepEqual(membersOf([startCommit(), startCommit()]), [[[0]], [[1]]]);
});

test("runs are written in one order, whatever the order of the group", () => {
  const ids = ["c", "a", "d", "b"];
  const order = (runIds: readonly string[]) =>
    commitUnits(runIds.map((runId) => stepCommit(2, { runId })))[0]?.map(({ commit }) => commit.runId);
  assert.deepEqual(order(ids), ["a", "b", "c", "d"]);
  assert.deepEqual(order([...ids].reverse()), ["a", "b", "c", "d"]);
});

test("a group of nothing has no waves", () => {
  assert.deepEqual(commitUnits([]), []);
});
