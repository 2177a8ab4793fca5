import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { sampleRun, storeSampleRun } from "@agentflow/contracts";
import { eventsOf, type RecordEvent, StoreCorruptError, StoreFailedError } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { type ReadEvents, storedEvents } from "../run-events/stored-events.ts";
import { readEventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";
import { jsonlEmitter } from "./jsonl-emitter.ts";

const run = sampleRun({ content: 4, order: 1 });
const rows = run.records.map((record) => eventsOf(record, { runId: "run-1" }));
const events = rows.flat();

const emptyStore: ReadEvents = () => Readable.from([]);

async function folderOf(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "jsonl-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

async function fullStore(): Promise<ReadEvents> {
  const { runs } = openMemory();
  await storeSampleRun(runs, run, { tenant: "default", runId: "run-1" });
  return storedEvents(runs, "default");
}

async function eventsIn(path: string): Promise<RecordEvent[]> {
  return (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("each run's events are in its file, once and in order, also when batches come at the same time", async (context) => {
  const folder = await folderOf(context);
  const pathOf = (runId: string) => join(folder, runId, "log.jsonl");
  const emitter = jsonlEmitter({ pathOf, readEvents: emptyStore, fsync: true });
  const others = run.records.map((record) => eventsOf(record, { runId: "run-2" }));
  const taken = rows.flatMap((row, index) => [
    emitter.emit(row),
    emitter.emit(others[index] ?? []),
    emitter.emit(row),
  ]);
  await emitter.emit([]);
  await Promise.all(taken);
  await emitter.close?.();
  assert.deepEqual(await eventsIn(pathOf("run-1")), events);
  assert.deepEqual(await eventsIn(pathOf("run-2")), others.flat());
});

test("flush waits for what was taken", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const emitter = jsonlEmitter({ pathOf: () => path, readEvents: emptyStore });
  const taken = emitter.emit(events);
  await emitter.flush?.();
  assert.deepEqual(await eventsIn(path), events);
  await taken;
});

test("a torn last line is cut off and what it lacks comes from the store", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const readEvents = await fullStore();
  await jsonlEmitter({ pathOf: () => path, readEvents }).emit(rows.slice(0, 3).flat());
  await appendFile(path, '{"ts":"2026');
  await jsonlEmitter({ pathOf: () => path, readEvents }).emit(rows.slice(5).flat());
  assert.deepEqual(await eventsIn(path), events);
});

test("damage before the end is kept beside the file, which is made whole", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const readEvents = await fullStore();
  await jsonlEmitter({ pathOf: () => path, readEvents }).emit(rows.slice(0, 5).flat());
  const damaged = (await readFile(path, "utf8")).replace('"seq":3', '"seq":"3"');
  await writeFile(path, damaged);
  await jsonlEmitter({ pathOf: () => path, readEvents }).emit(rows.slice(5).flat());
  assert.deepEqual(await eventsIn(path), events);
  assert.equal(await readFile(`${path}.damaged`, "utf8"), damaged);
});

test("events that are missing inside a batch come from the store", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const emitter = jsonlEmitter({ pathOf: () => path, readEvents: await fullStore() });
  await emitter.emit([...rows.slice(0, 2), ...rows.slice(4, 6), ...rows.slice(8)].flat());
  assert.deepEqual(await eventsIn(path), events);
});

test("events that neither come nor are in the store are a typed error", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const emitter = jsonlEmitter({ pathOf: () => path, readEvents: emptyStore });
  await emitter.emit(rows[0] ?? []);
  await assert.rejects(Promise.resolve(emitter.emit(rows[2] ?? [])), StoreCorruptError);
  // The failure is that of one batch: the next one that fits goes on.
  await emitter.emit(rows[1] ?? []);
  await emitter.emit(rows[2] ?? []);
  assert.deepEqual(await eventsIn(path), rows.slice(0, 3).flat());
});

test("a store that has later events only is a typed error, not an endless try", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const later: ReadEvents = () => Readable.from([rows[2] ?? []]);
  const emitter = jsonlEmitter({ pathOf: () => path, readEvents: later });
  await emitter.emit(rows[0] ?? []);
  await assert.rejects(Promise.resolve(emitter.emit(rows[2] ?? [])), StoreCorruptError);
});

test("a file that somebody else keeps changing is a typed error, not an endless try", async (context) => {
  const path = join(await folderOf(context), "log.jsonl");
  const readEvents: ReadEvents = () => Readable.from([]);
  const writer = new EventWriter({ path, readEvents, beforeWrite: () => appendFile(path, "x") });
  await assert.rejects(writer.write(events), StoreFailedError);
});

test("a path that cannot be written is an error of that emitter", async (context) => {
  const folder = await folderOf(context);
  const emitter = jsonlEmitter({ pathOf: () => folder, readEvents: emptyStore });
  await assert.rejects(Promise.resolve(emitter.emit(events)), { code: "EISDIR" });
});

test("a cut at any byte leaves a prefix of whole rows", () => {
  const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const lineEnds = [...bytes.keys()].filter((index) => bytes[index] === 0x0a).map((index) => index + 1);
  const cuts = [...Array(Math.floor(bytes.length / 97)).keys()].map((index) => index * 97);
  for (const cut of [...cuts, ...lineEnds]) {
    const read = readEventLines(bytes.subarray(0, cut));
    assert.deepEqual(read.events, events.slice(0, read.events.length));
    assert.ok(read.sizeBytes <= cut);
    assert.equal(read.damage === undefined, read.sizeBytes === cut);
    assert.ok(read.damage === undefined || read.damage.kind === "torn");
  }
  assert.deepEqual(readEventLines(bytes).events, events);
});
