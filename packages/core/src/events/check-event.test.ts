import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun } from "@agentflow/contracts";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { Json, JsonObject } from "../encoding/json.ts";
import { eventProblem, isRecordEvent, withTimestamp } from "./check-event.ts";
import { eventsOf } from "./derive-events.ts";
import { eventTypes } from "./event-fields.ts";
import { eventSchema } from "./event-schema.ts";
import { redactEvent } from "./redact-event.ts";
import type { RecordEvent } from "./run-event.ts";

const bySchema = new Ajv2020({ strict: true }).compile(eventSchema());

const runs = new Map<number, readonly RecordEvent[]>();

function eventsOfRun(content: number): readonly RecordEvent[] {
  const known = runs.get(content);
  if (known !== undefined) return known;
  const { records } = sampleRun({ content, order: 1 });
  const events = records.flatMap((record) => eventsOf(record, { runId: "run-1" }));
  runs.set(content, events);
  return events;
}

const [started = assert.fail()] = eventsOfRun(1);

const oddValues: readonly Json[] = [
  null,
  true,
  "",
  "text",
  "hit",
  "a".repeat(64),
  "2026-01-01T00:00:00.000Z",
  -2,
  -1,
  0,
  1.5,
  [],
  ["a"],
  [1],
  {},
  { a: "b" },
  { a: 1 },
];
const oddNames = ["ts", "seq", "epoch", "level", "runId", "type", "step", "data", "constructor", "extra"];
const dataNames = [...new Set(Object.values(eventTypes).flatMap((entry) => Object.keys(entry.fields)))];

/** An event of a sample run with one field replaced or taken out, in the event or in its data. */
const mutated = fc
  .record({
    content: fc.integer({ min: 0, max: 50 }),
    pick: fc.nat(),
    name: fc.constantFrom(...oddNames, ...dataNames, "__proto__"),
    value: fc.option(fc.constantFrom(...oddValues, ...Object.keys(eventTypes)), { nil: undefined }),
    inData: fc.boolean(),
  })
  .map(({ content, pick, name, value, inData }): JsonObject => {
    const events = eventsOfRun(content);
    const event = events[pick % events.length] as unknown as JsonObject;
    const change = (target: JsonObject): JsonObject =>
      Object.fromEntries([
        ...Object.entries(target).filter(([key]) => key !== name),
        ...(value === undefined ? [] : [[name, value] as const]),
      ]);
    return inData ? { ...event, data: change(event["data"] as JsonObject) } : change(event);
  });

test("the check and the published schema accept every event of a run", () => {
  for (let content = 0; content < 30; content++) {
    for (const event of eventsOfRun(content)) {
      assert.equal(eventProblem(event), undefined);
      assert.ok(bySchema(event), JSON.stringify(bySchema.errors));
    }
  }
});

test("the check and the published schema agree on events that were changed", () => {
  let refused = 0;
  fc.assert(
    fc.property(mutated, (event) => {
      const problem = eventProblem(event);
      if (problem !== undefined) refused += 1;
      assert.equal(bySchema(event), problem === undefined, `${problem} ${JSON.stringify(event)}`);
    }),
    { numRuns: 3_000 },
  );
  assert.ok(refused > 500, `only ${refused} events were refused`);
});

test("the check says what is wrong", () => {
  const data = started.data ?? {};
  const step = eventsOfRun(1).find((event) => event.type === "step.started");
  const { step: _step, ...stepless } = step ?? assert.fail();
  const { ts: _ts, ...timeless } = started;
  const problems: [unknown, string][] = [
    [null, "the event is no object"],
    [[], "the event is no object"],
    [{ ...started, type: "run.flew" }, 'type "run.flew" is not known'],
    [{ ...started, type: undefined }, "type undefined is not known"],
    [{ ...started, more: 1 }, "field more is not known"],
    [{ ...started, seq: 0 }, "seq is 0"],
    [{ ...started, level: () => 1 }, "level is () => 1"],
    [timeless, "ts is missing"],
    [stepless, "step.started has no step"],
    [{ ...started, step: "0.a" }, "run.started is about no step"],
    [{ ...started, data: { ...data, seed: 7 } }, "data.seed is 7"],
    [{ ...started, data: {} }, "data.workflow is missing"],
    [{ ...step, data: { ...step?.data, more: 1 } }, "data.more is not known"],
  ];
  for (const [event, problem] of problems) {
    assert.equal(eventProblem(event), problem);
    assert.equal(isRecordEvent(event), false);
  }
  assert.equal(isRecordEvent(started), true);
});

test("a field that is undefined is not there, as in JSON", () => {
  assert.equal(eventProblem({ ...started, data: { ...started.data, labels: undefined } }), undefined);
  const seedless = { ...started, data: { ...started.data, seed: undefined } };
  assert.equal(eventProblem(seedless), "data.seed is missing");
});

test("a missing timestamp is added, a present one is kept", () => {
  const { ts: _ts, ...timeless } = started;
  assert.equal(withTimestamp<RecordEvent>(timeless, 0).ts, "1970-01-01T00:00:00.000Z");
  assert.equal(withTimestamp<RecordEvent>({ ...started, ts: "" }, 0).ts, "1970-01-01T00:00:00.000Z");
  assert.equal(withTimestamp<RecordEvent>(started, 0).ts, started.ts);
});

test("a redacted event stays valid, lists what was taken out and keeps the rest", () => {
  const events = eventsOfRun(3);
  const succeeded = events.find((event) => event.type === "step.succeeded") ?? assert.fail();
  const hidden = redactEvent(succeeded, ["delta", "node", "absent"]);
  assert.deepEqual(hidden.data, { ...succeeded.data, delta: {}, redacted: ["delta"] });
  assert.equal(eventProblem(hidden), undefined);
  assert.deepEqual(redactEvent(started, ["input"]).data, {
    ...started.data,
    input: null,
    redacted: ["input"],
  });
  assert.equal(redactEvent(started, ["delta"]), started);
});
