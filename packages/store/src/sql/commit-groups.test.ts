import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import type { CommitResult, RunCommit } from "@agentflow/core";
import { CommitGroups } from "./commit-groups.ts";

/** A writer that answers when told to; a result names the seq it stands for. */
function controlledWriter() {
  const groups: (readonly RunCommit[])[] = [];
  const answers: (() => void)[] = [];
  const send = (members: readonly RunCommit[]) =>
    new Promise<readonly CommitResult[]>((resolve, reject) => {
      groups.push(members);
      answers.push(() => {
        if (members.some(({ runId }) => runId === "bad")) reject(new Error("refused"));
        else resolve(members.map(({ runId }) => ({ kind: "failed", error: new Error(runId) })));
      });
    });
  const sizes = () => groups.map((members) => members.length);
  return { send, sizes, answer: () => answers.shift()?.() };
}

function idsOf(results: readonly CommitResult[]): string[] {
  return results.map((result) => (result.kind === "failed" ? result.error.message : result.kind));
}

test("commits that arrive while a group is written share the next one", async () => {
  const { send, sizes, answer } = controlledWriter();
  const groups = new CommitGroups(send, 0);
  const first = groups.add([startCommit({ runId: "a" })], false);
  const others = ["b", "c", "d"].map((runId) =>
    groups.add([startCommit({ runId }), stepCommit(2, { runId })], false),
  );
  assert.deepEqual(sizes(), [1]);
  answer();
  assert.deepEqual(idsOf(await first), ["a"]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(sizes(), [1, 6]);
  answer();
  assert.deepEqual((await Promise.all(others)).map(idsOf), [
    ["b", "b"],
    ["c", "c"],
    ["d", "d"],
  ]);
});

test("a group that gathers waits for company, but not after a flush", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { send, sizes, answer } = controlledWriter();
    const groups = new CommitGroups(send, 50);
    const commits = [groups.add([startCommit()], true), groups.add([stepCommit(2)], true)];
    mock.timers.tick(49);
    assert.deepEqual(sizes(), []);
    mock.timers.tick(1);
    assert.deepEqual(sizes(), [2]);
    answer();
    await Promise.all(commits);
    const last = groups.add([stepCommit(3)], true);
    const flushed = groups.flush();
    assert.deepEqual(sizes(), [2, 1]);
    answer();
    await Promise.all([last, flushed]);
  } finally {
    mock.timers.reset();
  }
});

test("commits that gather do not wait once they are enough", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { send, sizes } = controlledWriter();
    const groups = new CommitGroups(send, 50);
    const members = Array.from({ length: 64 }, () => startCommit());
    void groups.add(members, true);
    assert.deepEqual(sizes(), []);
    void groups.add(members, true);
    assert.deepEqual(sizes(), [128]);
  } finally {
    mock.timers.reset();
  }
});

test("the next group is on its way before anybody hears of the last one", async () => {
  const { send, sizes, answer } = controlledWriter();
  const groups = new CommitGroups(send, 0);
  let sizesWhenHeard: readonly number[] = [];
  const first = groups.add([startCommit()], false).then(() => {
    sizesWhenHeard = sizes();
  });
  const second = groups.add([startCommit(), startCommit()], false);
  answer();
  await first;
  assert.deepEqual(sizesWhenHeard, [1, 2]);
  answer();
  await second;
});

test("a commit that does not gather takes those that do along at once", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { send, sizes, answer } = controlledWriter();
    const groups = new CommitGroups(send, 50);
    const commits = [groups.add([startCommit()], true), groups.add([stepCommit(2)], false)];
    assert.deepEqual(sizes(), [2]);
    commits.push(groups.add([stepCommit(3)], true), groups.add([stepCommit(4)], false));
    answer();
    await Promise.all(commits.slice(0, 2));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(sizes(), [2, 2]);
    answer();
    await Promise.all(commits);
    void groups.add([stepCommit(5)], true);
    mock.timers.tick(49);
    assert.deepEqual(sizes(), [2, 2]);
  } finally {
    mock.timers.reset();
  }
});

test("a group that is refused does not hold up the next", async () => {
  const { send, answer } = controlledWriter();
  const groups = new CommitGroups(send, 0);
  const bad = groups.add([startCommit({ runId: "bad" })], false);
  const good = groups.add([startCommit({ runId: "good" })], false);
  answer();
  await assert.rejects(bad, /refused/);
  await new Promise((resolve) => setImmediate(resolve));
  answer();
  assert.deepEqual(idsOf(await good), ["good"]);
});

test("no group is larger than its limit unless one call is", async () => {
  const { send, sizes, answer } = controlledWriter();
  const groups = new CommitGroups(send, 0);
  const many = (count: number) => Array.from({ length: count }, () => startCommit());
  const commits = [
    groups.add(many(1), false),
    groups.add(many(600), false),
    groups.add(many(600), false),
    groups.add(many(1_500), false),
  ];
  for (const commit of commits) {
    answer();
    await commit;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(sizes(), [1, 600, 600, 1_500]);
});
