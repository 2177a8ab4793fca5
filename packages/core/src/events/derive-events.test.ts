import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun } from "@agentflow/contracts";
import fc from "fast-check";
import { InvariantError } from "../errors/invariant.ts";
import type { ModelCall } from "../record/model-call.ts";
import type { AttemptRow, JournalEntry, JournalKind, JournalRow, MarkRow, StepRow } from "../record/rows.ts";
import { countEvents, eventCount, eventsOf } from "./derive-events.ts";

const context = { runId: "run-1" };
const place = { scope: "", superstep: 1, ordinal: 0, node: "read", item: 2 };
const stamp = { seq: 7, epoch: 3, event: 10 };

const stepRow: StepRow = {
  ...place,
  ...stamp,
  origin: "0.plan",
  edge: 0,
  attempt: 1,
  opens: true,
  startedAt: 1_000,
  durationMs: 500,
  delta: '{"notes":[1]}',
  detail: undefined,
  seal: undefined,
};

function entryOf(kind: JournalKind, more: Partial<JournalEntry> = {}): JournalEntry {
  const key = { index: 0, name: "fetch", inputHash: "hash", nth: 0, attempt: 1 };
  return { ...key, kind, value: "{}", at: 2_000, durationMs: 5, ...more };
}

function journalRow(entry: JournalEntry): JournalRow {
  return { ...place, ...stamp, opens: false, startedAt: 1_000, entry };
}

function typesOf(record: Parameters<typeof eventsOf>[0]): string[] {
  return eventsOf(record, context).map((event) => event.type);
}

test("a plain step gives its start and its success, dense from the row's event", () => {
  const [started, succeeded, ...rest] = eventsOf({ kind: "step", row: stepRow }, context);
  assert.deepEqual(started, {
    ts: "1970-01-01T00:00:01.000Z",
    seq: 10,
    epoch: 3,
    level: "INFO",
    runId: "run-1",
    type: "step.started",
    step: "1.read[2]",
    data: place,
  });
  assert.deepEqual(succeeded, {
    ts: "1970-01-01T00:00:01.500Z",
    seq: 11,
    epoch: 3,
    level: "INFO",
    runId: "run-1",
    type: "step.succeeded",
    step: "1.read[2]",
    data: {
      ...place,
      origin: "0.plan",
      edge: 0,
      attempt: 1,
      startedAt: 1_000,
      durationMs: 500,
      delta: { notes: [1] },
      seq: 7,
      event: 10,
    },
  });
  assert.deepEqual(rest, []);
});

test("inline entries and artifacts stand between a step's start and its success", () => {
  const detail = {
    entries: [entryOf("io", { cache: "miss" }), entryOf("tx"), entryOf("now", { value: "17" })],
    artifacts: [
      { path: "a.md", sha256: "s1", sizeBytes: 1, reason: "created" },
      { path: "b.md", sha256: "s2", sizeBytes: 1, reason: "nochange" },
    ],
    goto: ["plan"],
  };
  const row = { ...stepRow, opens: false, detail: JSON.stringify(detail), seal: '{"frontier":[]}' };
  const events = eventsOf({ kind: "step", row }, context);
  assert.deepEqual(
    events.map((event) => [event.seq, event.type, event.data?.["wrote"] ?? event.data?.["tx"]]),
    [
      [10, "cache.miss", undefined],
      [11, "io.succeeded", undefined],
      [12, "io.succeeded", true],
      [13, "clock.read", undefined],
      [14, "file.written", true],
      [15, "file.written", false],
      [16, "step.succeeded", undefined],
    ],
  );
  assert.deepEqual(events[6]?.data?.["goto"], ["plan"]);
  assert.deepEqual(events[6]?.data?.["seal"], { frontier: [] });
});

test("each kind of journal entry has its event type", () => {
  const types: Record<Exclude<JournalKind, "model">, string> = {
    io: "io.succeeded",
    tx: "io.succeeded",
    ioError: "io.failed",
    callError: "call.failed",
    now: "clock.read",
    interrupt: "interrupt.requested",
    answer: "interrupt.answered",
    refused: "interrupt.refused",
    sleep: "timer.set",
    slept: "timer.ended",
    wait: "wait.started",
    event: "wait.ended",
  };
  for (const [kind, type] of Object.entries(types)) {
    assert.deepEqual(typesOf({ kind: "journal", row: journalRow(entryOf(kind as JournalKind)) }), [type]);
  }
});

test("a call of a model gives its request, its answer and its cost, the last of which is the entry", () => {
  const call: ModelCall = {
    provider: "openai",
    model: "m",
    outcome: "succeeded",
    inputTokens: 10,
    cachedTokens: 4,
    cacheWriteTokens: 0,
    outputTokens: 5,
    estimated: false,
    costNanos: null,
    expectedNanos: 70,
    latencyMs: 500,
    firstTokenMs: 80,
  };
  const row = journalRow(entryOf("model", { index: 3, value: JSON.stringify(call) }));
  const events = eventsOf({ kind: "journal", row }, context);
  const [request, response, cost] = events;
  const about = { ...place, name: "fetch", index: 3, provider: "openai", model: "m" };
  assert.deepEqual(
    [request?.type, request?.ts, request?.data],
    ["llm.request", "1970-01-01T00:00:01.500Z", about],
  );
  const { outcome, latencyMs, firstTokenMs, inputTokens, cachedTokens, outputTokens, costNanos } = call;
  const took = { outcome, latencyMs, firstTokenMs, inputTokens, cachedTokens, outputTokens, costNanos };
  assert.deepEqual([response?.type, response?.data], ["llm.response", { ...about, ...took }]);
  assert.deepEqual([cost?.type, cost?.data?.["value"], cost?.data?.["event"]], ["cost.charged", call, 10]);
  assert.equal(eventCount({ kind: "journal", row }), events.length);
  const { firstTokenMs: _whole, ...notStreamed } = call;
  const whole = journalRow(entryOf("model", { value: JSON.stringify(notStreamed) }));
  const [, answered] = eventsOf({ kind: "journal", row: whole }, context);
  assert.ok(!("firstTokenMs" in (answered?.data ?? {})));
});

test("a cache hit is told before the result it gave, and a blob's hash is not read as JSON", () => {
  const row = journalRow(entryOf("io", { cache: "hit", ref: true, value: "abc" }));
  const [hit, result] = eventsOf({ kind: "journal", row }, context);
  assert.equal(hit?.type, "cache.hit");
  assert.equal(result?.data?.["value"], "abc");
});

test("an attempt that has a next time is retried, one without has failed, a cancelled one is cancelled", () => {
  const row: AttemptRow = {
    ...place,
    ...stamp,
    attempt: 1,
    round: 0,
    opens: true,
    outcome: "failed",
    failure: '{"code":"AF_THROWN"}',
    nextAt: 9_000,
    entries: JSON.stringify([entryOf("ioError")]),
    startedAt: 1_000,
    durationMs: 10,
  };
  assert.deepEqual(typesOf({ kind: "attempt", row }), ["step.started", "io.failed", "step.retried"]);
  const last = { ...row, opens: false, entries: undefined, nextAt: undefined };
  assert.deepEqual(typesOf({ kind: "attempt", row: last }), ["step.failed"]);
  assert.deepEqual(typesOf({ kind: "attempt", row: { ...last, outcome: "cancelled" } }), ["step.cancelled"]);
});

test("a mark shows its data, state and references, and its own keys cannot hide the stamp", () => {
  const row: MarkRow = {
    ...stamp,
    type: "run.succeeded",
    at: 0,
    data: '{"by":"me"}',
    state: '{"report":"x"}',
    refs: '{"large":"abc"}',
  };
  const [event] = eventsOf({ kind: "mark", row }, context);
  const state = { state: { report: "x" }, refs: { large: "abc" } };
  assert.deepEqual(event?.data, { by: "me", ...state, seq: 7, at: 0 });
  const clash = { ...row, data: '{"seq":1}' };
  assert.throws(() => eventsOf({ kind: "mark", row: clash }, context), InvariantError);
});

test("the number of events is known without making them, and they are dense over a whole run", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (content, order) => {
      let next = 1;
      for (const record of sampleRun({ content, order }).records) {
        const events = eventsOf(record, context);
        assert.equal(eventCount(record), events.length);
        for (const event of events) assert.equal(event.seq, next++);
      }
    }),
    { numRuns: 100 },
  );
});

test("the events of a row can be counted before it is encoded", () => {
  const entries = [entryOf("io", { cache: "hit" }), entryOf("now")];
  assert.equal(countEvents("journal", { opens: true, entries: [entryOf("io")] }), 2);
  assert.equal(countEvents("attempt", { opens: false, entries }), 4);
  assert.equal(countEvents("step", { opens: true, entries, artifacts: [{}] }), 6);
  assert.equal(countEvents("step", { opens: false }), 1);
});
