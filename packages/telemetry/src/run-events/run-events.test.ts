import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun, storeSampleRun } from "@agentflow/contracts";
import { eventsOf, type RecordEvent } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { BoundedMap } from "./bounded-map.ts";
import { standingOf } from "./event-cursor.ts";
import { RunQueues } from "./run-queues.ts";
import { storedEvents } from "./stored-events.ts";

function eventOf(seq: number, epoch: number, runId = "run-1"): RecordEvent {
  return { ts: "", seq, epoch, level: "INFO", runId, type: "run.resumed", data: {} };
}

test("an event is known, next, ahead or a replacement by run, epoch and seq (S7)", () => {
  const cursor = { seq: 5, epoch: 2 };
  const standings: [number, number, string][] = [
    [1, 1, "known"],
    [5, 2, "known"],
    [6, 1, "known"],
    [6, 2, "next"],
    [6, 3, "next"],
    [7, 2, "ahead"],
    [9, 9, "ahead"],
    [5, 3, "replaces"],
    [1, 3, "replaces"],
  ];
  for (const [seq, epoch, standing] of standings) {
    assert.equal(standingOf(eventOf(seq, epoch), cursor), standing, `${seq} ${epoch}`);
  }
  assert.equal(standingOf(eventOf(1, 1), { seq: 0, epoch: 0 }), "next");
});

test("what comes while a batch is written goes in one batch after it, run by run", async () => {
  const batches: string[] = [];
  const gates: (() => void)[] = [];
  const queues = new RunQueues(async (runId, events) => {
    batches.push(`${runId}: ${events.map((event) => event.seq).join(" ")}`);
    if (batches.length === 1) await new Promise<void>((resolve) => gates.push(resolve));
  });
  const first = queues.add([eventOf(1, 1)]);
  await new Promise(setImmediate);
  const rest = [
    queues.add([eventOf(2, 1)]),
    queues.add([eventOf(3, 1)]),
    queues.add([eventOf(1, 1, "run-2")]),
  ];
  await rest[2];
  assert.deepEqual(batches, ["run-1: 1", "run-2: 1"]);
  gates[0]?.();
  await Promise.all([first, ...rest]);
  assert.deepEqual(batches, ["run-1: 1", "run-2: 1", "run-1: 2 3"]);
});

test("a batch that fails fails alone, also for one that waits behind it, and flush waits without failing", async () => {
  const written: number[] = [];
  const { promise, reject } = Promise.withResolvers<void>();
  const queues = new RunQueues(async (_, events) => {
    if (events[0]?.seq === 1) await promise;
    written.push(...events.map((event) => event.seq));
  });
  const failed = assert.rejects(queues.add([eventOf(1, 1)]), /no room/);
  await new Promise(setImmediate);
  const next = queues.add([eventOf(2, 1)]);
  const flushed = queues.flush();
  reject(new Error("no room"));
  await failed;
  await flushed;
  await next;
  assert.deepEqual(written, [2]);
  await queues.add([]);
});

test("a bounded map forgets what was used longest ago", () => {
  const map = new BoundedMap<string, number>(2);
  map.getOr("a", () => 1);
  map.getOr("b", () => 2);
  assert.equal(
    map.getOr("a", () => 9),
    1,
  );
  map.getOr("c", () => 3);
  assert.equal(
    map.getOr("b", () => 4),
    4,
  );
  assert.equal(
    map.getOr("c", () => 9),
    3,
  );
});

test("the events of a stored run come in order, page by page, from any row on", async () => {
  const { runs } = openMemory();
  const run = sampleRun({ content: 4, order: 1 });
  await storeSampleRun(runs, run, { tenant: "default", runId: "run-1" });
  const rows = run.records.map((record) => eventsOf(record, { runId: "run-1" }));
  for (const from of [0, 1, rows.length - 1, rows.length]) {
    const afterSeq = rows[from]?.[0] === undefined ? rows.flat().length : rows[from][0].seq - 1;
    const read: RecordEvent[] = [];
    for await (const page of storedEvents(runs, "default", 7)("run-1", afterSeq)) read.push(...page);
    assert.deepEqual(read, rows.slice(from).flat());
  }
});
