import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sampleRun, storeSampleRun } from "@agentflow/contracts";
import {
  canonicalLog,
  eventsOf,
  type RecordEvent,
  type RecordRow,
  RunExistsError,
  RunImportError,
  type RunStore,
  type StepDetail,
  sha256Hex,
} from "@agentflow/core";
import { memoryArtifacts, openMemory } from "@agentflow/store";
import fc from "fast-check";
import { importRunDirectory } from "./import-run-directory.ts";
import type { Manifest } from "./manifest.ts";
import { rebuildRunDirectory } from "./rebuild-run-directory.ts";
import { runDirectoryEmitter } from "./run-directory-emitter.ts";

const tenant = "default";

/** The directory of a finished sample run. */
async function directoryOf(context: TestContext | undefined, content: number, redact?: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "import-"));
  context?.after(() => rm(folder, { recursive: true }));
  const backend = openMemory();
  const artifacts = memoryArtifacts();
  const run = sampleRun({ content, order: 1 });
  await storeSampleRun(backend.runs, run, { tenant, runId: "run-1" });
  for (const text of run.artifacts.values()) await artifacts.put(tenant, Buffer.from(text));
  await rebuildRunDirectory({
    store: backend.runs,
    artifacts,
    tenant,
    redact,
    runId: "run-1",
    directory: folder,
  });
  const events = run.records.flatMap((record) => eventsOf(record, { runId: "run-1" }));
  return { folder, run, events };
}

async function recordsIn(store: RunStore, runId: string): Promise<readonly RecordRow[]> {
  return store.readRecords({ tenant, runId, afterEvent: 0, limit: 100_000 });
}

/** The content of a run that has artifacts and blobs. */
const rich =
  Array.from({ length: 500 }, (_, content) => content).find((content) => {
    const run = sampleRun({ content, order: 1 });
    const text = JSON.stringify(run.records);
    return text.includes('\\"artifacts\\"') && text.includes('\\"refs\\"') && run.records.length > 20;
  }) ?? assert.fail();

test("a run is made again from its directory: same rows, blobs, artifacts, definition and canonical log", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (content) => {
      const { folder, run, events } = await directoryOf(undefined, content);
      const { runs: store } = openMemory();
      const artifacts = memoryArtifacts();
      const result = await importRunDirectory({ directory: folder, store, artifacts, tenant, runId: "new" });
      const records = await recordsIn(store, "new");
      const bare = (record: RecordRow) => ({ ...record, row: { ...record.row, seq: 0, epoch: 0 } });
      assert.deepEqual(records.map(bare), run.records.map(bare));
      const imported = records.flatMap((record) => eventsOf(record, { runId: "new" }));
      assert.equal(canonicalLog(imported), canonicalLog(events));
      const steps = run.records.filter((record) => record.kind === "step");
      assert.deepEqual(result, {
        runId: "new",
        importedFrom: "run-1",
        status: "succeeded",
        events: events.length,
        steps: steps.length,
      });
      const refs = steps.flatMap(({ row }) =>
        Object.values((JSON.parse(row.detail ?? "{}") as StepDetail).refs ?? {}),
      );
      for (const [hash, json] of await store.readBlobs(tenant, "new", refs))
        assert.equal(sha256Hex(json), hash);
      const manifest: Manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
      for (const { sha256 } of manifest.artifacts) assert.ok(await artifacts.has(tenant, sha256));
      await rm(folder, { recursive: true });
    }),
    { numRuns: 15 },
  );
});

test("the head of an imported run is that of the run it came from, under a new id and without an owner", async (context) => {
  const { folder, run } = await directoryOf(context, rich);
  const { runs: store } = openMemory();
  await importRunDirectory({ directory: folder, store, tenant, runId: "new" });
  const head = await store.readHead(tenant, "new");
  const { workflow, version, seed, input, status, owner, labels } = head ?? assert.fail();
  assert.deepEqual(
    { workflow, version, seed, input, status, owner, labels },
    {
      workflow: "sample",
      version: "1",
      seed: "seed",
      input: '{"question":"why?"}',
      status: "succeeded",
      owner: undefined,
      labels: '{"importedFrom":"run-1"}',
    },
  );
  assert.equal(await store.readDefinition(tenant, head?.fingerprint ?? ""), run.definition);
});

test("an id that is taken is refused", async (context) => {
  const { folder } = await directoryOf(context, rich);
  const { runs: store } = openMemory();
  const request = { directory: folder, store, tenant, runId: "new" };
  await importRunDirectory(request);
  await assert.rejects(importRunDirectory(request), RunExistsError);
});

test("what the store itself refuses is passed on", async (context) => {
  const { folder } = await directoryOf(context, rich);
  const error = new Error("no");
  const store = { commit: () => [{ kind: "failed", error } as const] };
  await assert.rejects(importRunDirectory({ directory: folder, store, tenant, runId: "new" }), error);
});

interface Lines {
  readonly events: RecordEvent[];
  readonly manifest: { events: { count: number; sha256: string }; runId: string; format: number };
}

/** Changes events and manifest of a directory, so that the manifest still has the hash of the events if `rehash`. */
async function change(folder: string, rehash: boolean, edit: (lines: Lines) => void): Promise<void> {
  const eventsPath = join(folder, "events.jsonl");
  const manifestPath = join(folder, "manifest.json");
  const lines: Lines = {
    events: (await readFile(eventsPath, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    manifest: JSON.parse(await readFile(manifestPath, "utf8")),
  };
  edit(lines);
  const text = lines.events.map((event) => `${JSON.stringify(event)}\n`).join("");
  if (rehash) lines.manifest.events = { count: lines.events.length, sha256: sha256Hex(text) };
  await writeFile(eventsPath, text);
  await writeFile(manifestPath, JSON.stringify(lines.manifest));
}

async function firstFileIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const file = files.find((each) => each.isFile()) ?? assert.fail(`no file in ${folder}`);
  return join(file.parentPath, file.name);
}

const refusals: Readonly<Record<string, [(folder: string) => Promise<void>, RegExp]>> = {
  "no manifest": [(folder) => rm(join(folder, "manifest.json")), /There is no .*manifest\.json/],
  "a torn manifest": [(folder) => writeFile(join(folder, "manifest.json"), '{"form'), /is no JSON/],
  "a manifest that is null": [
    (folder) => writeFile(join(folder, "manifest.json"), "null"),
    /has format undefined/,
  ],
  "a manifest of a later format": [
    (folder) => change(folder, true, ({ manifest }) => Object.assign(manifest, { format: 2 })),
    /has format 2, not 1/,
  ],
  "a manifest without events": [
    (folder) => change(folder, false, ({ manifest }) => Object.assign(manifest, { events: null })),
    /does not say/,
  ],
  "no events": [(folder) => rm(join(folder, "events.jsonl")), /There is no .*events\.jsonl/],
  "an empty event file": [
    (folder) => writeFile(join(folder, "events.jsonl"), ""),
    /of which the last \d+ are missing/,
  ],
  "events of another run": [
    (folder) => change(folder, true, ({ manifest }) => Object.assign(manifest, { runId: "run-2" })),
    /is of run run-2, the events are of run run-1/,
  ],
  "a line that is no JSON": [
    async (folder) => {
      const text = await readFile(join(folder, "events.jsonl"), "utf8");
      await writeFile(join(folder, "events.jsonl"), text.replace("\n{", "\n["));
    },
    /Line 2 .* is broken: it is no JSON/,
  ],
  "a line that is no event": [
    (folder) => change(folder, true, ({ events }) => Object.assign(events[4] ?? {}, { level: "LOUD" })),
    /Line 5 .* is broken: level is "LOUD"/,
  ],
  "a gap in seq": [
    (folder) => change(folder, true, ({ events }) => events.splice(3, 1)),
    /Line 4 .* is broken: event 4 is missing: the next one is 5/,
  ],
  "a line of another run": [
    (folder) => change(folder, true, ({ events }) => Object.assign(events[4] ?? {}, { runId: "run-2" })),
    /it is of another run/,
  ],
  "events that lack their end": [
    (folder) => change(folder, false, ({ events }) => events.pop()),
    /of which the last 1 are missing/,
  ],
  "events that were changed": [
    (folder) => change(folder, false, ({ events }) => Object.assign(events[4] ?? {}, { level: "DEBUG" })),
    /their SHA-256 differs/,
  ],
  "a first event that is no start": [
    (folder) => change(folder, true, ({ events }) => Object.assign(events[0] ?? {}, { type: "run.resumed" })),
    /do not start with run\.started/,
  ],
  "a migration without its state": [
    (folder) =>
      change(folder, true, ({ events }) => {
        const last = events.pop() ?? assert.fail();
        const { seq, at } = last.data as { seq: number; at: number };
        const told = { version: "2", fingerprint: "f", definition: {}, superstep: 0, seal: { frontier: [] } };
        events.push({ ...last, type: "run.migrated", data: { ...told, seq, at } });
      }),
    /tells of a migration, but not of the state/,
  ],
  "no definition": [(folder) => rm(join(folder, "workflow.json")), /There is no .*workflow\.json/],
  "another definition": [
    (folder) => writeFile(join(folder, "workflow.json"), "{}"),
    /workflow\.json has another SHA-256/,
  ],
  "a missing blob": [async (folder) => rm(await firstFileIn(join(folder, "blobs"))), /There is no .*blobs/],
  "a changed blob": [
    async (folder) => writeFile(await firstFileIn(join(folder, "blobs")), "1"),
    /blobs.* has another SHA-256/,
  ],
  "a missing artifact": [
    async (folder) => rm(await firstFileIn(join(folder, "artifacts"))),
    /There is no .*artifacts/,
  ],
  "a changed artifact": [
    async (folder) => writeFile(await firstFileIn(join(folder, "artifacts")), "1"),
    /artifacts.* has another SHA-256/,
  ],
};

for (const [what, [damage, reason]] of Object.entries(refusals)) {
  test(`${what}: refused with the reason, and nothing is stored`, async (context) => {
    const { folder } = await directoryOf(context, rich);
    await damage(folder);
    const { runs: store } = openMemory();
    const artifacts = memoryArtifacts();
    const refused = importRunDirectory({ directory: folder, store, artifacts, tenant, runId: "new" });
    await assert.rejects(refused, (error) => error instanceof RunImportError && reason.test(error.message));
    assert.equal(await store.readHead(tenant, "new"), undefined);
  });
}

test("a redacted run is refused, and the reason names event and fields", async (context) => {
  const { folder } = await directoryOf(context, rich, ["delta"]);
  const { runs: store } = openMemory();
  const refused = importRunDirectory({ directory: folder, store, tenant, runId: "new" });
  await assert.rejects(refused, { code: "AF_IMPORT", message: /Event \d+ was redacted \(delta\)/ });
});

test("a file that a crash tore gives the run up to the last whole commit", async (context) => {
  const backend = openMemory();
  const run = sampleRun({ content: rich, order: 1 });
  await storeSampleRun(backend.runs, run, { tenant, runId: "run-1" });
  const folder = await mkdtemp(join(tmpdir(), "import-"));
  context.after(() => rm(folder, { recursive: true }));
  const artifacts = memoryArtifacts();
  for (const text of run.artifacts.values()) await artifacts.put(tenant, Buffer.from(text));
  const emitter = runDirectoryEmitter({
    runsDirectory: folder,
    store: backend.runs,
    artifacts,
    tenant,
    manifestIntervalMs: 1e9,
  });
  // The manifest tells of the start only; the rest is written behind it, and the last line is torn.
  const marks = run.records.findIndex((record, index) => record.kind === "mark" && index > 0);
  const cut = run.records.slice(0, Math.max(2, marks));
  await emitter.emit(cut.slice(0, 1).flatMap((record) => eventsOf(record, { runId: "run-1" })));
  await emitter.emit(cut.slice(1).flatMap((record) => eventsOf(record, { runId: "run-1" })));
  const path = join(folder, "run-1", "events.jsonl");
  await writeFile(path, (await readFile(path, "utf8")).slice(0, -5));
  const { runs: store } = openMemory();
  await importRunDirectory({ directory: join(folder, "run-1"), store, tenant, runId: "new" });
  const lastWhole = cut.at(-2)?.row.seq ?? assert.fail();
  const kept = cut.slice(0, -1).filter(({ row }) => row.seq < lastWhole);
  assert.deepEqual(
    (await recordsIn(store, "new")).map(({ row }) => row.event),
    kept.map(({ row }) => row.event),
  );
  assert.equal((await store.readHead(tenant, "new"))?.status, "running");
});
