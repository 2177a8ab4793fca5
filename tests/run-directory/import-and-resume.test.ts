import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import {
  append,
  canonicalLog,
  eventsOf,
  interrupt,
  isRecordEvent,
  type JsonObject,
  nested,
  type RecordEvent,
  type StoreBackend,
  sha256Hex,
  VersionMismatchError,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";
import { importRunDirectory, rebuildRunDirectory, runDirectoryEmitter } from "@agentflow/telemetry";
import { Ajv2020 } from "ajv/dist/2020.js";

const tenant = "default";
const large = "x".repeat(20_000);

interface World {
  readonly folder: string;
  readonly backend: StoreBackend;
  readonly engine: Engine;
  readonly artifacts: ReturnType<typeof memoryArtifacts>;
}

async function open(context: TestContext): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "import-resume-"));
  const backend = openMemory();
  const artifacts = memoryArtifacts();
  const emitter = runDirectoryEmitter({ runsDirectory: folder, store: backend.runs, artifacts, tenant });
  const engine = new Engine({
    backend,
    clock: new FakeClock(),
    host: new FakeHost(),
    artifacts,
    emitters: [emitter],
    onEmitterError: (_, error) => assert.fail(String(error)),
  });
  context.after(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });
  return { folder, backend, engine, artifacts };
}

async function recordEvents({ backend }: World, runId: string): Promise<RecordEvent[]> {
  const records = await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 100_000 });
  return records.flatMap((record) => eventsOf(record, { runId }));
}

async function bytesOf(directory: string): Promise<Record<string, string>> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const entries = paths.sort().map(async (path) => [path, await readFile(path, "latin1")] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const child = workflow("child", { version: "1", state: { word: value(""), length: value(0) } })
  .start("count", async ({ word }, ctx) => ({
    length: await ctx.io("length", word, async () => word.length),
  }))
  .end("count");

/** Uses io, artifacts, large values, a map, a nested workflow; its last step fails while `broken` says so. */
function report(broken: { now: boolean }): Workflow {
  return workflow("report", {
    version: "1",
    state: { words: value<string[]>(), text: value(""), lengths: append<number>() },
  })
    .start("plan", async (_, ctx) => ({ text: await ctx.io("draft", null, async () => large) }))
    .map(
      "measure",
      { after: "plan", over: (state) => state.words },
      nested(child, {
        input: (word) => ({ word }),
        output: ({ length }) => ({ lengths: [length] }),
      }),
    )
    .node("write", { after: "measure" }, async ({ lengths }, ctx) => {
      await ctx.safeWrite("out/report.md", `lengths ${lengths.join(" ")}`);
      if (broken.now) throw new Error("the printer is on fire");
      return { text: "printed" };
    })
    .end("write") as unknown as Workflow;
}

const approve = interrupt<{ text: string }, boolean>("approve");

const approval = workflow("approval", { version: "1", state: { ok: value(false) } })
  .start("ask", async (_, ctx) => ({ ok: await ctx.interrupt(approve, { text: "go?" }) }))
  .end("ask");

test("the files of a real run are valid, and a rebuild gives the same bytes", async (context) => {
  const world = await open(context);
  const words = ["one", "three", large];
  const run = await world.engine.start(report({ now: false }), { words }, { id: "run-1" });
  await run.result();
  await world.engine.close();
  const directory = join(world.folder, "run-1");
  const schema = JSON.parse(
    await readFile(new URL("../../docs/events.schema.json", import.meta.url), "utf8"),
  );
  const validate = new Ajv2020().compile(schema);
  for (const line of (await readFile(join(directory, "events.jsonl"), "utf8")).trimEnd().split("\n")) {
    assert.ok(validate(JSON.parse(line)), `${line} ${JSON.stringify(validate.errors)}`);
  }
  const written = await bytesOf(directory);
  const manifest = JSON.parse(written[join(directory, "manifest.json")] ?? "");
  assert.equal(manifest.inputHash, sha256Hex(JSON.stringify({ words })));
  assert.equal(written[join(directory, "artifacts", "out", "report.md")], "lengths 3 5 20000");
  await rm(directory, { recursive: true });
  const { backend, artifacts } = world;
  await rebuildRunDirectory({ store: backend.runs, artifacts, tenant, runId: "run-1", directory });
  assert.deepEqual(await bytesOf(directory), written);
});

test("a failed run whose store is gone goes on from its directory as it would have gone on there", async (context) => {
  const [here, there] = [await open(context), await open(context)];
  const broken = { now: true };
  const started = await here.engine.start(
    report(broken),
    { words: ["one", large] },
    { id: "run-1", seed: "s" },
  );
  assert.equal((await started.settled()).status, "failed");
  await here.engine.close();
  await importRunDirectory({
    directory: join(here.folder, "run-1"),
    store: there.backend.runs,
    artifacts: there.artifacts,
    tenant,
    runId: "again",
  });
  broken.now = false;
  const resumed = await there.engine.resume("again", report(broken));
  const outcome = await resumed.settled();
  assert.equal(outcome.status, "succeeded");
  const events = await recordEvents(there, "again");
  const whole = await open(context);
  broken.now = true;
  const same = await whole.engine.start(
    report(broken),
    { words: ["one", large] },
    { id: "run-1", seed: "s" },
  );
  await same.settled();
  broken.now = false;
  await (await whole.engine.resume("run-1", report(broken))).settled();
  assert.equal(canonicalLog(events), canonicalLog(await recordEvents(whole, "run-1")));
  assert.ok(events.every(isRecordEvent));
});

test("an imported run replays to the same bytes", async (context) => {
  const [here, there] = [await open(context), await open(context)];
  const run = await here.engine.start(report({ now: false }), { words: ["one", "two"] }, { id: "run-1" });
  await run.result();
  await here.engine.close();
  const { backend, artifacts, engine } = there;
  const directory = join(here.folder, "run-1");
  await importRunDirectory({ directory, store: backend.runs, artifacts, tenant, runId: "again" });
  const replayed = await engine.replay("again", report({ now: false }), { strict: true });
  assert.equal(replayed.matches, true);
});

test("a run that was migrated is imported, replays under both its versions and goes on", async (context) => {
  const [here, there] = [await open(context), await open(context)];
  const question = (version: string, migrate?: (state: JsonObject) => JsonObject) =>
    workflow("question", {
      version,
      state: { ok: value(false), [version === "1" ? "text" : "page"]: value(large) },
      ...(migrate === undefined ? {} : { migrate }),
    })
      .start("open", () => ({ [version === "1" ? "text" : "page"]: `${large}!` }) as object)
      .node("ask", { after: "open" }, async (_, ctx) => ({
        ok: await ctx.interrupt(approve, { text: "go?" }),
      }))
      .end("ask") as unknown as Workflow;
  const [before, after] = [question("1"), question("2", ({ text }) => ({ page: text ?? "", ok: false }))];
  const run = await here.engine.start(before, {}, { id: "run-1" });
  await run.settled();
  await (await here.engine.resume("run-1", after)).settled();
  await here.engine.close();
  const { backend, artifacts, engine } = there;
  const directory = join(here.folder, "run-1");
  await importRunDirectory({ directory, store: backend.runs, artifacts, tenant, runId: "again" });
  const [told, stored] = [await recordEvents(there, "again"), await recordEvents(here, "run-1")];
  assert.equal(canonicalLog(told), canonicalLog(stored));
  const options = { strict: true, earlier: [before] };
  const { steps, unchecked } = await engine.replay("again", after, options);
  assert.deepEqual([steps, unchecked], [1, 0]);
  await assert.rejects(engine.resume("again", before), VersionMismatchError);
  await engine.answer("again", "1.ask#approve[0]", true);
  assert.deepEqual(await (await engine.resume("again", after)).result(), { ok: true, page: `${large}!` });
  assert.equal((await engine.replay("again", after, options)).steps, 2);
});

test("a waiting run that was imported takes its answer and ends", async (context) => {
  const [here, there] = [await open(context), await open(context)];
  const run = await here.engine.start(approval as unknown as Workflow, {}, { id: "run-1" });
  assert.equal((await run.settled()).status, "waiting");
  await here.engine.close();
  const { backend, engine } = there;
  await importRunDirectory({
    directory: join(here.folder, "run-1"),
    store: backend.runs,
    tenant,
    runId: "again",
  });
  await engine.answer("again", "0.ask#approve[0]", true, { by: "ann" });
  const resumed = await engine.resume("again", approval);
  assert.deepEqual(await resumed.result(), { ok: true });
});
