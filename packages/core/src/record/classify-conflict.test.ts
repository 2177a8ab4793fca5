import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { classifyConflict, type StoredRows, stepIdempotencyKey } from "./classify-conflict.ts";
import type { AttemptRow, JournalRow, MarkRow, StepRow } from "./rows.ts";
import type { RunCommit } from "./run-commit.ts";
import type { RunHead, RunOrigin } from "./run-head.ts";

const stamp = { seq: 2, epoch: 1, event: 2 };
const place = { scope: "0.child", superstep: 3, ordinal: 1 };
const step: StepRow = {
  ...stamp,
  ...place,
  node: "read",
  item: 4,
  origin: "0.child/2.plan",
  edge: 0,
  attempt: 1,
  opens: true,
  startedAt: 5,
  durationMs: 6,
  delta: '{"n":1}',
  detail: undefined,
  seal: undefined,
};
const journal: JournalRow = {
  ...stamp,
  ...place,
  node: "read",
  item: 4,
  opens: true,
  startedAt: 5,
  entry: {
    index: 0,
    kind: "io",
    name: "fetch",
    inputHash: "a",
    nth: 0,
    attempt: 1,
    value: "1",
    at: 5,
    durationMs: 1,
  },
};
const attempt: AttemptRow = {
  ...stamp,
  ...place,
  node: "read",
  item: 4,
  attempt: 1,
  round: 0,
  opens: true,
  outcome: "failed",
  failure: "{}",
  nextAt: undefined,
  entries: undefined,
  startedAt: 5,
  durationMs: 6,
};
const mark: MarkRow = {
  ...stamp,
  type: "run.waiting",
  at: 5,
  data: undefined,
  state: undefined,
  refs: undefined,
};

const origin: RunOrigin = {
  tenant: "default",
  runId: "run-1",
  workflow: "research",
  version: "1",
  fingerprint: "f",
  seed: "seed",
  input: "{}",
  createdAt: 5,
  labels: undefined,
};
const head: RunHead = {
  ...origin,
  seq: 2,
  epoch: 1,
  events: 2,
  emittedSeq: 0,
  status: "running",
  recoveries: 0,
  round: 0,
  budgetMs: 0,
  steps: 1,
  updatedAt: 5,
  wakeAt: undefined,
  historyRemovedAt: undefined,
  owner: "owner-1",
};
const commit: RunCommit = {
  tenant: "default",
  runId: "run-1",
  expectedSeq: 1,
  progress: head,
  steps: [step],
  journal: [journal],
  attempts: [attempt],
  marks: [mark],
  snapshots: [],
  blobs: [],
};
const full = { step, journal, attempt, mark };
const bare: RunCommit = { ...commit, steps: [], journal: [], attempts: [], marks: [] };

function rows(stored: Partial<typeof full>): StoredRows {
  return {
    step: () => stored.step,
    journal: () => stored.journal,
    attempt: () => stored.attempt,
    mark: () => stored.mark,
  };
}

test("a commit whose rows are all stored is a duplicate, also when the run went on", () => {
  assert.deepEqual(classifyConflict(commit, head, rows(full)), { kind: "duplicate" });
  assert.deepEqual(classifyConflict(commit, { ...head, seq: 9 }, rows(full)), { kind: "duplicate" });
});

test("what a repeat measures anew does not make it another commit", () => {
  const measured = {
    ...step,
    durationMs: 99,
    startedAt: 77,
    attempt: 2,
    seal: "{}",
    detail: '{"cached":true}',
  };
  const result = classifyConflict({ ...commit, steps: [measured] }, head, rows(full));
  assert.deepEqual(result, { kind: "duplicate" });
});

test("a commit without rows is a duplicate once its seq is reached", () => {
  assert.deepEqual(classifyConflict(bare, head, rows({})), { kind: "duplicate" });
  assert.equal(classifyConflict(bare, { ...head, seq: 1 }, rows({})).kind, "fenced");
});

test("a commit of a run that is gone or has another epoch is fenced with the head", () => {
  assert.deepEqual(classifyConflict(commit, undefined, rows(full)), { kind: "fenced", head: undefined });
  for (const epoch of [0, 2]) {
    const other = { ...head, epoch };
    assert.deepEqual(classifyConflict(commit, other, rows(full)), { kind: "fenced", head: other });
  }
});

for (const missing of ["step", "journal", "attempt", "mark"] as const) {
  test(`a commit whose ${missing} is not stored is fenced`, () => {
    const stored = rows({ ...full, [missing]: undefined });
    assert.deepEqual(classifyConflict(commit, head, stored), { kind: "fenced", head });
  });
}

const others: readonly (readonly [string, Partial<typeof full>, string])[] = [
  ["delta", { step: { ...step, delta: "{}" } }, "0.child/3#1"],
  ["item", { step: { ...step, item: -1 } }, "0.child/3#1"],
  ["origin", { step: { ...step, origin: "" } }, "0.child/3#1"],
  ["goto", { step: { ...step, detail: '{"goto":["a"]}' } }, "0.child/3#1"],
  ["blob", { step: { ...step, detail: '{"refs":{"a":"1"}}' } }, "0.child/3#1"],
  ["entry", { journal: { ...journal, entry: { ...journal.entry, value: "2" } } }, "0.child/3#1 journal 0"],
  ["failure", { attempt: { ...attempt, failure: "1" } }, "0.child/3#1 round 0 attempt 1"],
  ["mark", { mark: { ...mark, type: "run.failed" } }, "event 2"],
];
for (const [what, stored, position] of others) {
  test(`another ${what} at a position is a violation that names it`, () => {
    const result = classifyConflict(commit, head, rows({ ...full, ...stored }));
    assert.equal(result.kind, "violation");
    if (result.kind !== "violation") return;
    assert.equal(result.position, position);
    assert.match(result.stored, /^[0-9a-f]{64}$/);
    assert.notEqual(result.stored, result.offered);
  });
}

test("a position in the root scope is named without a scope", () => {
  const inRoot = { ...step, scope: "" };
  const result = classifyConflict(
    { ...bare, steps: [inRoot] },
    head,
    rows({ step: { ...inRoot, delta: "{}" } }),
  );
  assert.equal(result.kind === "violation" && result.position, "3#1");
});

test("a creation is a duplicate only of itself", () => {
  const create = { origin, owner: "owner-1", definition: "{}" };
  const first: RunCommit = { ...bare, create };
  assert.equal(classifyConflict(first, head, rows({})).kind, "duplicate");
  assert.equal(
    classifyConflict({ ...first, create: { ...create, owner: "b" } }, head, rows({})).kind,
    "fenced",
  );
  const released = { ...first, release: true };
  assert.equal(classifyConflict(released, head, rows({})).kind, "fenced");
  assert.equal(classifyConflict(released, { ...head, owner: undefined }, rows({})).kind, "duplicate");
  const differences: readonly Partial<RunOrigin>[] = [
    { workflow: "x" },
    { version: "x" },
    { fingerprint: "x" },
    { seed: "x" },
    { input: "x" },
    { createdAt: 6 },
  ];
  for (const difference of differences) {
    const other = { ...first, create: { ...create, origin: { ...origin, ...difference } } };
    assert.equal(classifyConflict(other, head, rows({})).kind, "fenced", JSON.stringify(difference));
  }
});

test("the key of an outcome covers everything that decides what it means, and nothing else", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const text = fc.string({ maxLength: 8 }).map((value) => JSON.stringify({ value }));
  const outcome = fc.record({
    node: fc.constantFrom("a", "b"),
    item: fc.integer({ min: -1, max: 2 }),
    superstep: fc.integer({ min: 0, max: 2 }),
    ordinal: fc.integer({ min: 0, max: 2 }),
    delta: text,
    detail: fc.constantFrom(
      undefined,
      '{"cached":true}',
      '{"goto":["a"]}',
      '{"goto":["b"]}',
      '{"refs":{"a":"1"}}',
    ),
  });
  const meaning = ({ detail, ...rest }: { readonly detail: string | undefined }) =>
    JSON.stringify([rest, detail === '{"cached":true}' ? undefined : detail]);
  fc.assert(
    fc.property(outcome, outcome, (a, b) => {
      const [left, right] = [a, b].map((parts) => stepIdempotencyKey("run-1", { ...step, ...parts }));
      assert.equal(left === right, meaning(a) === meaning(b));
    }),
    { seed, numRuns: 500 },
  );
});
