import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun } from "@agentflow/contracts";
import fc from "fast-check";
import type { JsonObject } from "../encoding/json.ts";
import { canonicalLog } from "./canonical-log.ts";
import { eventsOf } from "./derive-events.ts";
import type { RecordEvent, RecordEventType } from "./run-event.ts";

interface Line {
  readonly type: string;
  readonly step?: string;
  readonly data: JsonObject;
}

function linesOf(events: readonly RecordEvent[]): Line[] {
  return canonicalLog(events)
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function eventsOfRun(content: number, order: number): RecordEvent[] {
  return sampleRun({ content, order }).records.flatMap((record) =>
    eventsOf(record, { runId: `run-${order}` }),
  );
}

let lastSeq = 0;

/** An event of a step given as [scope, superstep, ordinal, node, item]. */
function eventAt(type: RecordEventType, step: string, ordinal: number, data: JsonObject = {}): RecordEvent {
  const slash = step.lastIndexOf("/");
  const [, superstep = "", node = "", item = "-1"] =
    /^(\d+)\.([a-z]+)(?:\[(\d+)\])?$/.exec(step.slice(slash + 1)) ?? [];
  const place = { scope: slash === -1 ? "" : step.slice(0, slash), superstep: Number(superstep), ordinal };
  lastSeq += 1;
  return {
    ts: new Date(lastSeq).toISOString(),
    seq: lastSeq,
    epoch: 1,
    level: "INFO",
    runId: "run-1",
    type,
    step,
    data: { ...place, node, item: Number(item), ...data },
  };
}

function markOf(type: RecordEventType, data: JsonObject = {}): RecordEvent {
  lastSeq += 1;
  return {
    ts: "",
    seq: lastSeq,
    epoch: 1,
    level: "INFO",
    runId: "run-1",
    type,
    data: { seq: 1, at: 1, ...data },
  };
}

test("runs that do the same have the same bytes, whatever their interleaving, crashes and times", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.integer(), (content, order, other) => {
      assert.equal(canonicalLog(eventsOfRun(content, order)), canonicalLog(eventsOfRun(content, other)));
    }),
    { numRuns: 150 },
  );
});

test("the order in which events are given does not matter", () => {
  fc.assert(
    fc.property(
      fc.integer().chain((content) => {
        const events = eventsOfRun(content, 1);
        return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
      }),
      ([events, shuffled]) => assert.equal(canonicalLog(shuffled), canonicalLog(events)),
    ),
    { numRuns: 50 },
  );
});

test("runs that do something else have other bytes", () => {
  assert.notEqual(canonicalLog(eventsOfRun(1, 1)), canonicalLog(eventsOfRun(2, 1)));
});

test("a step shows start, entries by attempt and call, artifacts, inner steps, attempts and outcome in this order", () => {
  const entry = (attempt: number, name: string, index: number) => ({ attempt, name, index });
  const attempt = { attempt: 1, round: 0 };
  const expected = [
    eventAt("step.started", "1.a", 0),
    eventAt("io.succeeded", "1.a", 0, entry(1, "b", 7)),
    eventAt("interrupt.requested", "1.a", 0, entry(1, "c", 0)),
    eventAt("io.failed", "1.a", 0, entry(2, "a", 2)),
    eventAt("io.succeeded", "1.a", 0, entry(10, "a", 1)),
    eventAt("file.written", "1.a", 0, { path: "z.md" }),
    eventAt("file.written", "1.a", 0, { path: "a.md" }),
    eventAt("step.started", "1.a/0.b", 0),
    eventAt("step.succeeded", "1.a/0.b", 0, { attempt: 1 }),
    eventAt("step.retried", "1.a", 0, attempt),
    eventAt("step.failed", "1.a", 0, { ...attempt, attempt: 2 }),
    eventAt("step.cancelled", "1.a", 0, { attempt: 1, round: 1 }),
    eventAt("step.succeeded", "1.a", 0, { attempt: 2 }),
    eventAt("step.started", "1.b", 1),
    eventAt("step.started", "2.a", 0),
  ];
  const shown = expected.map(({ type, step }) => ({ type, step }));
  assert.deepEqual(
    linesOf(expected.toReversed().toSorted((a, b) => a.type.localeCompare(b.type) || a.seq - b.seq)).map(
      ({ type, step }) => ({ type, step }),
    ),
    shown,
  );
});

test("supersteps and ordinals sort as numbers at every depth", () => {
  const steps: [string, number][] = [
    ["2.m[2]", 2],
    ["2.m[2]/9.a", 0],
    ["2.m[2]/10.a", 0],
    ["2.m[10]", 10],
    ["10.a", 0],
  ];
  const events = steps.map(([step, ordinal]) => eventAt("step.started", step, ordinal));
  assert.deepEqual(
    linesOf(events.toReversed()).map((line) => line.step),
    steps.map(([step]) => step),
  );
});

test("a nested workflow that still runs stands where the frontier of its superstep puts it", () => {
  const frontier = [
    { node: "plain", origin: "0.start", edge: 0 },
    { node: "zeta", origin: "0.start", edge: 1, items: 2 },
    { node: "child", origin: "0.start", edge: 2 },
  ];
  const events = [
    eventAt("step.succeeded", "0.start", 0, { seal: { frontier } }),
    eventAt("step.started", "1.plain", 0),
    eventAt("step.started", "1.zeta[0]/0.a", 0),
    eventAt("step.started", "1.zeta[1]/0.a", 0),
    eventAt("step.started", "1.child/0.a", 0),
  ];
  assert.deepEqual(
    linesOf(events.toReversed()).map((line) => line.step),
    events.map((event) => event.step),
  );
});

test("a nested workflow that is the entry and still runs comes first", () => {
  const lines = linesOf([
    eventAt("step.started", "0.child/0.a", 0),
    eventAt("step.started", "0.child/0.a/0.b", 0),
  ]);
  assert.deepEqual(
    lines.map((line) => line.step),
    ["0.child/0.a", "0.child/0.a/0.b"],
  );
});

test("the seal is shown with the last step of its superstep, whichever commit carried it", () => {
  const seal = { frontier: [] };
  const sealedByFirst = [
    eventAt("step.succeeded", "1.b", 1, { attempt: 1 }),
    eventAt("step.succeeded", "1.a", 0, { attempt: 1, seal }),
  ];
  const sealedByLast = [
    eventAt("step.succeeded", "1.a", 0, { attempt: 1 }),
    eventAt("step.succeeded", "1.b", 1, { attempt: 1, seal }),
  ];
  assert.equal(canonicalLog(sealedByFirst), canonicalLog(sealedByLast));
  assert.deepEqual(
    linesOf(sealedByFirst).map((line) => line.data["seal"]),
    [undefined, seal],
  );
});

test("marks of the process are left out; the start comes first and the ends come last, in order", () => {
  const events = [
    markOf("run.failed"),
    markOf("run.resumed"),
    eventAt("step.started", "0.a", 0),
    markOf("run.waiting"),
    markOf("run.paused"),
    markOf("run.parked"),
    markOf("run.recovered"),
    markOf("run.succeeded"),
    markOf("run.started", { workflow: "w", labels: { file: "/tmp/w.ts" } }),
  ];
  assert.equal(
    canonicalLog(events),
    [
      '{"data":{"workflow":"w"},"level":"INFO","type":"run.started"}',
      '{"data":{"item":-1,"node":"a","ordinal":0,"scope":"","superstep":0},"level":"INFO","step":"0.a","type":"step.started"}',
      '{"data":{},"level":"INFO","type":"run.failed"}',
      '{"data":{},"level":"INFO","type":"run.succeeded"}',
      "",
    ].join("\n"),
  );
});

test("times, stacks and what a cache did are left out; clock readings stay", () => {
  const failure = { code: "AF_THROWN", class: "internal", retryable: true, name: "Error", message: "no" };
  const thrown = { ...failure, stack: "at x", cause: { ...failure, stack: "at y" } };
  const times = { at: 1, durationMs: 2, startedAt: 3, seq: 4, event: 5, nextAt: 6 };
  const lines = linesOf([
    eventAt("cache.hit", "0.a", 0, { index: 0 }),
    eventAt("io.succeeded", "0.a", 0, { ...times, index: 0, cache: "hit", value: { at: 1 } }),
    eventAt("clock.read", "0.a", 0, { ...times, index: 1, value: 17 }),
    eventAt("timer.set", "0.a", 0, { ...times, index: 2, value: 17 }),
    eventAt("step.retried", "0.a", 0, { ...times, attempt: 1, round: 0, failure: thrown }),
    eventAt("step.succeeded", "0.a", 0, { ...times, attempt: 2, cache: { answer: "hit", key: "k" } }),
  ]);
  const place = { scope: "", superstep: 0, ordinal: 0, node: "a", item: -1 };
  assert.deepEqual(
    lines.map((line) => line.data),
    [
      { ...place, value: 17 },
      { ...place, value: { at: 1 } },
      { ...place },
      { ...place, attempt: 1, round: 0, failure: { ...failure, cause: failure } },
      { ...place, attempt: 2 },
    ],
  );
});

test("parallel chains of calls have the same bytes in whatever order their calls started", () => {
  const chains = (order: readonly number[]): RecordEvent[] =>
    order.map((index, place) =>
      eventAt("io.succeeded", "0.a", 0, {
        attempt: 1,
        index: place,
        name: `call ${index}`,
        nth: 0,
        value: index,
      }),
    );
  assert.equal(canonicalLog(chains([0, 1, 2, 3])), canonicalLog(chains([2, 0, 3, 1])));
});

test("events that share a place sort by their text", () => {
  const one = eventAt("io.succeeded", "0.a", 0, { index: 0, name: "a" });
  const two = eventAt("io.succeeded", "0.a", 0, { index: 0, name: "b" });
  assert.equal(canonicalLog([two, one]), canonicalLog([one, two]));
});

test("an event without data is a line without fields", () => {
  const { data: _data, ...bare } = markOf("run.cancelled");
  assert.equal(canonicalLog([bare]), '{"data":{},"level":"INFO","type":"run.cancelled"}\n');
});

test("answers and events have the same bytes in whatever order they arrived", () => {
  const arrived = (inbox: number): RecordEvent[] => [
    eventAt("interrupt.answered", "0.ask", 0, { index: 1, value: { by: "Ada", inbox, value: true } }),
    eventAt("wait.ended", "0.wait", 1, { name: "a", value: { inbox: inbox + 1, value: { inbox: 7 } } }),
    eventAt("wait.ended", "0.wait", 1, { name: "b", value: "hash of a large value" }),
  ];
  assert.equal(canonicalLog(arrived(1)), canonicalLog(arrived(5)));
  assert.deepEqual(
    linesOf(arrived(1)).map(({ data }) => data["value"]),
    [{ by: "Ada", value: true }, { value: { inbox: 7 } }, "hash of a large value"],
  );
});
