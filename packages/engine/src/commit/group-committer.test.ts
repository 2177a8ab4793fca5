import assert from "node:assert/strict";
import { test } from "node:test";
import { nextCommit } from "@agentflow/contracts";
import type { CommitResult, RunCommit, RunStore } from "@agentflow/core";
import { type CommitSource, GroupCommitter } from "./group-committer.ts";

type Answer = Awaited<ReturnType<RunStore["commit"]>>;

/** A store that answers when told to, or at once. */
function controlledStore(answers: "later" | "at once") {
  const calls: { members: readonly RunCommit[]; answer: () => void }[] = [];
  const committed = (members: readonly RunCommit[]): readonly CommitResult[] =>
    members.map(() => ({ kind: "committed" }));
  const commit = (members: readonly RunCommit[]) => {
    if (answers === "at once") {
      calls.push({ members, answer: () => undefined });
      return committed(members);
    }
    return new Promise<Answer>((resolve) =>
      calls.push({ members, answer: () => resolve(committed(members)) }),
    );
  };
  return { store: { commit } as unknown as RunStore, calls };
}

/** A run that commits again as soon as its last commit is settled, `commits` times. */
class Run implements CommitSource {
  readonly durability = undefined;
  readonly #committer: GroupCommitter;
  readonly #runId: string;
  #left: number;
  #seq = 1;
  inFlight = 0;

  constructor(committer: GroupCommitter, runId: string, commits: number) {
    this.#committer = committer;
    this.#runId = runId;
    this.#left = commits;
    committer.touch(this);
  }

  takeCommit(): RunCommit | undefined {
    if (this.#left-- <= 0) return undefined;
    this.inFlight++;
    assert.equal(this.inFlight, 1);
    return nextCommit(++this.#seq, { runId: this.#runId });
  }

  accept(): void {
    throw new Error("only pipelined stores accept");
  }

  settle(): void {
    this.inFlight--;
    if (this.#left > 0) this.#committer.touch(this);
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function runsOf({ members }: { readonly members: readonly RunCommit[] }): string {
  return members.map(({ runId }) => runId).join(" ");
}

/** A clock that stands still until it is told otherwise. */
function pretendedClock() {
  let nowMs = 0;
  return {
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);
const halves = [ids.slice(0, 10).join(" "), ids.slice(10).join(" ")];

test("runs that wait for a quick store go in two calls, and never a run in both", async () => {
  const { store, calls } = controlledStore("later");
  const clock = pretendedClock();
  const committer = new GroupCommitter(store, () => true, false, clock.now);
  for (const id of ids) new Run(committer, id, 3);
  await turn();
  // Nothing is known of the store yet.
  assert.deepEqual(calls.map(runsOf), [ids.join(" ")]);
  clock.pass(0.3);
  calls[0]?.answer();
  await turn();
  assert.deepEqual(calls.slice(1).map(runsOf), halves);
  // One half is answered and commits again, while the other half is still written.
  clock.pass(0.5);
  calls[1]?.answer();
  await turn();
  assert.deepEqual(calls.slice(1).map(runsOf), [...halves, halves[0]]);
  for (const { answer } of calls.slice(2)) answer();
  await turn();
  calls.at(-1)?.answer();
  await committer.flushed();
  assert.equal(calls.length, 5);
});

test("runs that wait for a slow store share one call, also when it has become slow", async () => {
  const { store, calls } = controlledStore("later");
  const clock = pretendedClock();
  const committer = new GroupCommitter(store, () => true, false, clock.now);
  for (const id of ids) new Run(committer, id, 5);
  await turn();
  clock.pass(1);
  calls[0]?.answer();
  await turn();
  assert.deepEqual(calls.slice(1).map(runsOf), [ids.join(" ")]);
  clock.pass(0.3);
  calls[1]?.answer();
  await turn();
  assert.deepEqual(calls.slice(2).map(runsOf), halves);
  clock.pass(5);
  calls[2]?.answer();
  calls[3]?.answer();
  await turn();
  assert.deepEqual(calls.slice(4).map(runsOf), [ids.join(" ")]);
  calls[4]?.answer();
  await turn();
  calls[5]?.answer();
  await turn();
  calls[6]?.answer();
  await committer.flushed();
});

test("runs share one call where the store answers at once, and where they are few", async () => {
  const direct = controlledStore("at once");
  const committer = new GroupCommitter(direct.store, () => true);
  for (const id of ids) new Run(committer, id, 2);
  await committer.flushed();
  assert.deepEqual(
    direct.calls.map(({ members }) => members.length),
    [20, 20],
  );
  const later = controlledStore("later");
  const other = new GroupCommitter(
    later.store,
    () => true,
    false,
    () => 0,
  );
  for (const id of ids.slice(0, 15)) new Run(other, id, 2);
  await turn();
  later.calls[0]?.answer();
  await turn();
  assert.deepEqual(
    later.calls.map(({ members }) => members.length),
    [15, 15],
  );
  later.calls[1]?.answer();
  await other.flushed();
});

test("runs of a pipelined store go on before it has answered, until it falls behind", async () => {
  const { store, calls } = controlledStore("later");
  const committer = new GroupCommitter(store, () => true, true);
  let taken = 0;
  let accepted = 0;
  const run: CommitSource = {
    durability: "batched",
    takeCommit: () => (taken < 5_000 ? nextCommit(++taken + 1) : undefined),
    accept() {
      accepted++;
      committer.touch(run);
    },
    settle: () => undefined,
  };
  committer.touch(run);
  while (calls.length < 4_097) await turn();
  await turn();
  assert.deepEqual([calls.length, accepted], [4_097, 4_096]);
});
