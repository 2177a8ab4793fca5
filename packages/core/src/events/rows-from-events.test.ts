import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun } from "@agentflow/contracts";
import fc from "fast-check";
import { RunImportError } from "../errors/run-errors.ts";
import { eventsOf } from "./derive-events.ts";
import { endsRow, rowsFromEvents } from "./rows-from-events.ts";
import type { RecordEvent } from "./run-event.ts";

function eventsOfRun(content: number, order: number): RecordEvent[] {
  return sampleRun({ content, order }).records.flatMap((record) => eventsOf(record, { runId: "run-1" }));
}

test("rows rebuilt from events, also from their JSON text, equal the rows they came from", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (content, order) => {
      const { records } = sampleRun({ content, order });
      const events = records.flatMap((record) => eventsOf(record, { runId: "run-1" }));
      assert.deepEqual(rowsFromEvents(events), records);
      assert.deepEqual(rowsFromEvents(JSON.parse(JSON.stringify(events))), records);
    }),
    { numRuns: 200 },
  );
});

test("every cut behind the end of a row leaves whole rows, every other cut is refused", () => {
  const events = eventsOfRun(1, 1);
  for (const [index, event] of events.entries()) {
    const prefix = events.slice(0, index + 1);
    if (endsRow(event)) assert.ok(rowsFromEvents(prefix).length > 0);
    else assert.throws(() => rowsFromEvents(prefix), RunImportError);
  }
});

test("an event without data ends no row", () => {
  const [{ data: _data, ...bare } = assert.fail()] = eventsOfRun(1, 1).filter(
    (event) => event.step !== undefined,
  );
  assert.equal(endsRow(bare), false);
});

test("no events, no rows", () => {
  assert.deepEqual(rowsFromEvents([]), []);
});

test("a gap in seq is refused and names the event that is missing", () => {
  const events = eventsOfRun(1, 1);
  assert.throws(() => rowsFromEvents(events.toSpliced(3, 1)), {
    code: "AF_IMPORT",
    message: /Event 4 is missing/,
  });
});

test("events that do not start with the first one of a row are refused", () => {
  const events = eventsOfRun(1, 1);
  const inside = events.findIndex((event) => event.type === "step.started");
  assert.throws(() => rowsFromEvents(events.slice(inside + 1)), {
    code: "AF_IMPORT",
    message: /row starts at/,
  });
});
