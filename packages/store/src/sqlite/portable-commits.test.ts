import assert from "node:assert/strict";
import { test } from "node:test";
import {
  sampleAttempt,
  sampleJournal,
  sampleMark,
  sampleSnapshot,
  sampleStep,
  startCommit,
  stepCommit,
} from "@agentflow/contracts";
import { fromPortableCommits, toPortableCommits } from "./portable-commits.ts";

test("commits arrive in the thread as they were given, with every part that they have", () => {
  const plain = stepCommit(2);
  const full = {
    ...stepCommit(3, { runId: "run-2" }),
    durability: "strict",
    isAwaited: true,
    release: true,
    inboxSeen: 7,
    waits: { begun: [], ended: [{ scope: "0.a", superstep: 1, ordinal: 2, entry: 3 }] },
    steps: [
      sampleStep(),
      sampleStep({ ordinal: 1, detail: '{"goto":["a"]}', seal: undefined, opens: false }),
    ],
    journal: [sampleJournal()],
    attempts: [sampleAttempt()],
    marks: [sampleMark()],
    snapshots: [sampleSnapshot()],
    blobs: [{ hash: "a", json: '"\u0000\ud800"' }],
  } as const;
  const withoutSteps = { ...stepCommit(4), steps: [] };
  const members = [startCommit(), plain, full, withoutSteps, { ...plain, release: true, inboxSeen: 0 }];
  const arrived = fromPortableCommits(structuredClone(toPortableCommits(members)));
  assert.deepEqual(arrived.map(withoutAbsent), members.map(withoutAbsent));
});

/** What is undefined counts as absent. */
function withoutAbsent(commit: object): unknown {
  return JSON.parse(JSON.stringify(commit));
}
