import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { type SampleRun, sampleRun, storeSampleRun } from "@agentflow/contracts";
import {
  ArtifactNotFoundError,
  ArtifactPathError,
  type ArtifactStore,
  canonicalLog,
  eventsOf,
  type RecordEvent,
  RunNotFoundError,
  type StepDetail,
  type StoreBackend,
  sha256Hex,
} from "@agentflow/core";
import { memoryArtifacts, openMemory } from "@agentflow/store";
import fc from "fast-check";
import type { Manifest } from "./manifest.ts";
import { rebuildRunDirectory } from "./rebuild-run-directory.ts";
import { runDirectoryEmitter } from "./run-directory-emitter.ts";

const tenant = "default";

interface World {
  readonly folder: string;
  readonly runs: string;
  readonly backend: StoreBackend;
  readonly artifacts: ArtifactStore;
  readonly run: SampleRun;
  readonly events: readonly RecordEvent[];
}

async function world(context: TestContext | undefined, content: number, order = 1): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "run-directory-"));
  context?.after(() => rm(folder, { recursive: true }));
  const backend = openMemory();
  const artifacts = memoryArtifacts();
  const run = sampleRun({ content, order });
  await storeSampleRun(backend.runs, run, { tenant, runId: "run-1" });
  for (const text of run.artifacts.values()) await artifacts.put(tenant, Buffer.from(text));
  const events = run.records.flatMap((record) => eventsOf(record, { runId: "run-1" }));
  return { folder, runs: join(folder, "runs"), backend, artifacts, run, events };
}

function emitterOf({ runs, backend, artifacts }: World, more: { readonly manifestIntervalMs?: number } = {}) {
  return runDirectoryEmitter({ runsDirectory: runs, store: backend.runs, artifacts, tenant, ...more });
}

function artifactPathsOf({ records }: SampleRun): string[] {
  const steps = records.flatMap((record) => (record.kind === "step" ? [record.row] : []));
  const details = steps.map(({ detail }) => JSON.parse(detail ?? "{}") as StepDetail);
  return details.flatMap(({ artifacts = [] }) => artifacts.map(({ path }) => path));
}

/** The content of a run that has everything: artifacts, also in folders, and blobs. */
const rich =
  Array.from({ length: 500 }, (_, content) => content).find((content) => {
    const run = sampleRun({ content, order: 1 });
    const paths = artifactPathsOf(run);
    return paths.some((path) => path.includes("/")) && paths.length > 2 && run.blobs.size > 3;
  }) ?? assert.fail();
const artifactsOfRich = artifactPathsOf(sampleRun({ content: rich, order: 1 }));

/** Every file of a directory with its bytes. */
async function contentOf(directory: string): Promise<Record<string, string>> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const content: [string, string][] = [];
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    content.push([path.slice(directory.length + 1), (await readFile(path)).toString("latin1")]);
  }
  return Object.fromEntries(content.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Cuts events into batches behind the ends of rows, as commits do. */
function batchesOf({ run }: World, sizes: readonly number[]): RecordEvent[][] {
  const batches: RecordEvent[][] = [];
  const rows = run.records.map((record) => eventsOf(record, { runId: "run-1" }));
  for (let index = 0; rows.length > 0; index++) {
    batches.push(rows.splice(0, 1 + (sizes[index % sizes.length] ?? 0)).flat());
  }
  return batches;
}

async function manifestOf(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(directory, "manifest.json"), "utf8"));
}

test("a run directory tells the whole run: manifest, events once in order, definition, blobs, artifacts", async (context) => {
  const it = await world(context, rich);
  const emitter = emitterOf(it);
  await emitter.emit(it.events);
  await emitter.close?.();
  const directory = join(it.runs, "run-1");
  const lines = (await readFile(join(directory, "events.jsonl"), "utf8")).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    it.events,
  );
  const manifest = await manifestOf(directory);
  const completed = it.events.filter((event) => event.type === "step.succeeded").map((event) => event.step);
  assert.equal(manifest.status, "succeeded");
  assert.deepEqual(manifest.completedSteps, completed);
  assert.deepEqual(manifest.pendingSteps, []);
  assert.equal(manifest.inputHash, sha256Hex('{"question":"why?"}'));
  assert.equal(manifest.definition, sha256Hex(await readFile(join(directory, "workflow.json"))));
  assert.equal(manifest.events.count, it.events.length);
  assert.equal(manifest.events.sha256, sha256Hex(await readFile(join(directory, "events.jsonl"))));
  assert.ok(manifest.artifacts.length > 0);
  for (const artifact of manifest.artifacts) {
    const bytes = await readFile(join(directory, "artifacts", artifact.path));
    assert.equal(sha256Hex(bytes), artifact.sha256);
    assert.equal(bytes.length, artifact.sizeBytes);
  }
});

test("a deleted directory is rebuilt from the store byte by byte", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(fc.nat(5), { minLength: 1 }), async (content, sizes) => {
      const it = await world(undefined, content);
      const emitter = emitterOf(it);
      for (const batch of batchesOf(it, sizes)) await emitter.emit(batch);
      await emitter.close?.();
      const directory = join(it.runs, "run-1");
      const written = await contentOf(directory);
      await rm(directory, { recursive: true });
      const { backend, artifacts } = it;
      await rebuildRunDirectory({ store: backend.runs, artifacts, tenant, runId: "run-1", directory });
      assert.deepEqual(await contentOf(directory), written);
      await rm(it.folder, { recursive: true });
    }),
    { numRuns: 8 },
  );
});

const damages: Readonly<Record<string, (directory: string) => Promise<void>>> = {
  "nothing lost": async () => undefined,
  "a torn last line": async (directory) => {
    const path = join(directory, "events.jsonl");
    await truncate(path, Math.max(0, (await stat(path)).size - 7));
  },
  "events emptied": (directory) => truncate(join(directory, "events.jsonl"), 0),
  "events removed": (directory) => rm(join(directory, "events.jsonl")),
  "a line broken in the middle": async (directory) => {
    const path = join(directory, "events.jsonl");
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)] = 0x00;
    await writeFile(path, bytes);
  },
  "a torn manifest": async (directory) => {
    const path = join(directory, "manifest.json");
    await writeFile(path, (await readFile(path)).subarray(0, 20));
  },
  "the manifest removed": (directory) => rm(join(directory, "manifest.json"), { force: true }),
};

for (const [how, damage] of Object.entries(damages)) {
  test(`${how}: the files end up the same`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(), fc.boolean(), async (content, at, again) => {
        const it = await world(undefined, content);
        const whole = emitterOf({ ...it, runs: join(it.folder, "whole") });
        await whole.emit(it.events);
        const directory = join(it.runs, "run-1");
        const batches = batchesOf(it, [at % 7]);
        const cut = 1 + (at % batches.length);
        // A process writes up to the damage; another one goes on with what comes, or with a batch again.
        const first = emitterOf(it);
        for (const batch of batches.slice(0, cut)) await first.emit(batch);
        await damage(directory);
        const second = emitterOf(it);
        for (const batch of batches.slice(again ? cut - 1 : cut)) await second.emit(batch);
        await second.emit(batches.at(-1) ?? []);
        await second.flush?.();
        const { "events.jsonl.damaged": _, ...found } = await contentOf(directory);
        assert.deepEqual(found, await contentOf(join(it.folder, "whole", "run-1")));
        await rm(it.folder, { recursive: true });
      }),
      { numRuns: 5 },
    );
  });
}

test("a file that is removed while the same emitter goes on is made whole from the store", async (context) => {
  const it = await world(context, 5);
  const emitter = emitterOf(it);
  const batches = batchesOf(it, [1]);
  for (const [index, batch] of batches.entries()) {
    if (index === 3) await rm(join(it.runs, "run-1", "events.jsonl"));
    if (index === 5) await writeFile(join(it.runs, "run-1", "events.jsonl"), "torn");
    await emitter.emit(batch);
  }
  const lines = (await readFile(join(it.runs, "run-1", "events.jsonl"), "utf8")).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    it.events,
  );
});

test("two processes that write the same run at the same time leave one whole directory", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.array(fc.nat(4), { minLength: 1 }),
      fc.nat(4),
      async (content, sizes, size) => {
        const it = await world(undefined, content);
        const whole = emitterOf({ ...it, runs: join(it.folder, "whole") });
        await whole.emit(it.events);
        const [one, two] = [emitterOf(it), emitterOf(it)];
        const write = async (emitter: ReturnType<typeof emitterOf>, batches: RecordEvent[][]) => {
          for (const batch of batches) await emitter.emit(batch);
          await emitter.flush?.();
        };
        await Promise.all([write(one, batchesOf(it, sizes)), write(two, batchesOf(it, [size]))]);
        const { "events.jsonl.damaged": _, ...found } = await contentOf(join(it.runs, "run-1"));
        assert.deepEqual(found, await contentOf(join(it.folder, "whole", "run-1")));
        await rm(it.folder, { recursive: true });
      },
    ),
    { numRuns: 10 },
  );
});

test("an event under a newer epoch replaces the one with its seq and all after it", async (context) => {
  const it = await world(context, 5);
  const emitter = emitterOf(it);
  const [first = [], second = [], third = []] = batchesOf(it, [0]);
  await emitter.emit([...first, ...second, ...third]);
  const newer = second.map((event) => ({ ...event, epoch: 99 }));
  await emitter.emit(newer);
  await emitter.flush?.();
  const directory = join(it.runs, "run-1");
  const lines = (await readFile(join(directory, "events.jsonl"), "utf8")).trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [...first, ...newer],
  );
  assert.equal((await manifestOf(directory)).events.count, first.length + newer.length);
  // What the loser still sends is not taken.
  await emitter.emit(third);
  assert.equal(
    (await readFile(join(directory, "events.jsonl"), "utf8")).trimEnd().split("\n").length,
    lines.length,
  );
});

test("the manifest of a going run is written at a bounded rate, and at once when the status changes", async (context) => {
  const it = await world(context, 7);
  let now = 0;
  const emitter = runDirectoryEmitter({
    runsDirectory: it.runs,
    store: it.backend.runs,
    artifacts: it.artifacts,
    tenant,
    manifestIntervalMs: 1_000,
    monotonic: () => now,
  });
  const isMark = (batch: readonly RecordEvent[]) => batch.some((event) => event.type.startsWith("run."));
  const directory = join(it.runs, "run-1");
  let counted = 0;
  let writtenAt = 0;
  for (const [index, batch] of batchesOf(it, [0]).entries()) {
    now += 300;
    await emitter.emit(batch);
    counted += batch.length;
    const { events } = await manifestOf(directory);
    const isDue = index === 0 || isMark(batch) || now - writtenAt >= 1_000;
    assert.equal(events.count === counted, isDue, `batch ${index}`);
    if (isDue) writtenAt = now;
  }
  assert.equal((await manifestOf(directory)).status, "succeeded");
});

test("flushing writes the manifest that is behind", async (context) => {
  const it = await world(context, 7);
  const emitter = emitterOf(it, { manifestIntervalMs: 1_000_000 });
  const [first = [], second = []] = batchesOf(it, [0]).filter(
    (batch) => batch[0]?.type.startsWith("run.") !== true || batch[0].seq === 1,
  );
  await emitter.emit(first);
  await emitter.emit(second);
  assert.equal((await manifestOf(join(it.runs, "run-1"))).events.count, first.length);
  await emitter.flush?.();
  assert.equal((await manifestOf(join(it.runs, "run-1"))).events.count, first.length + second.length);
});

test("no artifact is written through a symbolic link; events and manifest go on, and it is reported", async (context) => {
  for (const linked of [
    ".",
    ...artifactsOfRich.slice(0, 1),
    ...artifactsOfRich.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""),
  ]) {
    const it = await world(context, rich);
    const directory = join(it.runs, "run-1");
    const outside = join(it.folder, "outside");
    const link = join(directory, "artifacts", linked);
    await mkdir(outside);
    await mkdir(dirname(link), { recursive: true });
    await symlink(outside, link);
    await assert.rejects(Promise.resolve(emitterOf(it).emit(it.events)), ArtifactPathError);
    assert.deepEqual(await readdir(outside), [], linked);
    const manifest = await manifestOf(directory);
    assert.deepEqual([manifest.status, manifest.events.count], ["succeeded", it.events.length]);
    // Offered again, the events are known and nothing is left to report.
    await emitterOf(it).emit(it.events);
  }
});

test("not even a link to a folder inside is followed", async (context) => {
  const nested = artifactsOfRich.find((path) => path.includes("/")) ?? assert.fail();
  const it = await world(context, rich);
  const folder = join(it.runs, "run-1", "artifacts");
  await mkdir(join(folder, "elsewhere"), { recursive: true });
  await symlink("elsewhere", join(folder, nested.split("/")[0] ?? ""));
  await assert.rejects(Promise.resolve(emitterOf(it).emit(it.events)), ArtifactPathError);
  assert.deepEqual(await readdir(join(folder, "elsewhere")), []);
});

test("a folder in the place of an artifact, or a file in the place of its folder, is refused", async (context) => {
  const nested = artifactsOfRich.find((path) => path.includes("/")) ?? assert.fail();
  for (const [place, make] of [
    [nested, (path: string) => mkdir(path, { recursive: true })],
    [dirname(nested), (path: string) => writeFile(path, "")],
  ] as const) {
    const it = await world(context, rich);
    const path = join(it.runs, "run-1", "artifacts", place);
    await mkdir(dirname(path), { recursive: true });
    await make(path);
    await assert.rejects(Promise.resolve(emitterOf(it).emit(it.events)), ArtifactPathError);
  }
});

test("writing an artifact's content again leaves its file and mtime", async (context) => {
  const it = await world(context, rich);
  const emitter = emitterOf(it);
  await emitter.emit(it.events);
  const [path = assert.fail()] = artifactsOfRich;
  const file = join(it.runs, "run-1", "artifacts", path);
  const before = await stat(file, { bigint: true });
  const { backend, artifacts } = it;
  const directory = join(it.runs, "run-1");
  await rebuildRunDirectory({ store: backend.runs, artifacts, tenant, runId: "run-1", directory });
  const after = await stat(file, { bigint: true });
  assert.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
});

test("missing content of an artifact is reported after everything else is written", async (context) => {
  const it = await world(context, rich);
  const directory = join(it.runs, "run-1");
  const request = { store: it.backend.runs, artifacts: memoryArtifacts(), tenant, runId: "run-1", directory };
  await assert.rejects(rebuildRunDirectory(request), ArtifactNotFoundError);
  assert.equal((await manifestOf(directory)).events.count, it.events.length);
});

test("an event that is not valid is written and reported", async (context) => {
  const it = await world(context, rich);
  const [first = assert.fail()] = it.events;
  const wrong = { ...first, level: "LOUD" } as unknown as RecordEvent;
  await assert.rejects(Promise.resolve(emitterOf(it).emit([wrong])), {
    code: "AF_INVARIANT",
    message: /Event 1 of run run-1: level is "LOUD"/,
  });
  assert.ok((await readFile(join(it.runs, "run-1", "events.jsonl"), "utf8")).includes("LOUD"));
});

test("a run that does not exist is not rebuilt", async (context) => {
  const it = await world(context, rich);
  const request = { store: it.backend.runs, tenant, runId: "run-2", directory: join(it.runs, "run-2") };
  await assert.rejects(rebuildRunDirectory(request), RunNotFoundError);
});

test("a run id that would lead out of the folder gets a directory inside it", async (context) => {
  const it = await world(context, rich);
  await storeSampleRun(it.backend.runs, it.run, { tenant, runId: "../escape" });
  await emitterOf(it).emit(it.run.records.flatMap((record) => eventsOf(record, { runId: "../escape" })));
  assert.deepEqual(await readdir(it.folder), ["runs"]);
});

test("redacted fields are nowhere in the directory, and a rebuild redacts the same", async (context) => {
  const it = await world(context, 11);
  const { backend, artifacts, runs } = it;
  const redact = ["delta", "value", "input", "state", "recovered"];
  const source = { store: backend.runs, artifacts, tenant, redact };
  await runDirectoryEmitter({ ...source, runsDirectory: runs }).emit(it.events);
  const directory = join(runs, "run-1");
  const written = await contentOf(directory);
  assert.equal(
    Object.keys(written).some((name) => name.startsWith("blobs")),
    false,
  );
  assert.ok(!(written["events.jsonl"] ?? "").includes("why?"));
  await rebuildRunDirectory({ ...source, runId: "run-1", directory });
  assert.deepEqual(await contentOf(directory), written);
});

test("the log of a directory is the canonical log of its run", async (context) => {
  const it = await world(context, 13);
  await emitterOf(it).emit(it.events);
  const lines = (await readFile(join(it.runs, "run-1", "events.jsonl"), "utf8")).trimEnd().split("\n");
  const again = sampleRun({ content: 13, order: 99 }).records.flatMap((record) =>
    eventsOf(record, { runId: "x" }),
  );
  assert.equal(canonicalLog(lines.map((line) => JSON.parse(line))), canonicalLog(again));
});
