import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildPackage } from "../../scripts/build-package.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "agentflow-install-"));
const built = join(folder, "package");
const project = join(folder, "project");
const shell = process.platform === "win32";

after(() => rmSync(folder, { recursive: true, force: true }));

// The npm that runs the tests tells its children where its own project is; this project is another one.
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_TEST|NODE_V8)/i.test(name));
  const path = `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`;
  return { ...Object.fromEntries(own), PATH: path, NO_COLOR: "1" };
}

function runIn(cwd: string, command: string, ...words: string[]): string {
  const result = spawnSync(command, words, { cwd, env: environment(), encoding: "utf8", shell });
  assert.equal(
    result.status,
    0,
    `${command} ${words.join(" ")}\n${result.stdout}\n${result.stderr}${result.error ?? ""}`,
  );
  return result.stdout;
}

const sample = `import { append, createEngine, value, workflow } from "agentflow";

const own = workflow("own", {
  version: "1",
  state: { question: value<string>(), notes: append<string>(), report: value("") },
})
  .start("plan", ({ question }) => ({ notes: [question] }))
  .node("write", { after: "plan" }, async ({ notes }) => ({ report: notes.join(", ") }))
  .end("write");

await using engine = await createEngine({ store: "sqlite:own.db" });
const run = await engine.start(own, { question: "why" });
const { report } = await run.result();
console.log(report);
`;

const wrong = `import { value, workflow } from "agentflow";

workflow("own", { version: "1", state: { report: value("") } })
  .start("plan", () => ({ report: 1 }))
  .end("plan");
`;

const emitting = `import { createEngine, type Emitter, openBackend, value, workflow } from "agentflow";
import { bufferedEmitter, canonicalLog, fanOut, jsonlEmitter, storedEvents } from "agentflow/emitters";
import { readFileSync } from "node:fs";

const one = workflow("one", { version: "1", state: { done: value(false) } })
  .start("only", () => ({ done: true }))
  .end("only");

const backend = await openBackend({ store: "sqlite:emitting.db" });
const buffer = bufferedEmitter();
const readEvents = storedEvents(backend.runs, "default");
const both: Emitter = fanOut([buffer, jsonlEmitter({ pathOf: (runId) => \`\${runId}.jsonl\`, readEvents })], {
  onEmitterError: (emitter: string, error: unknown) => console.error(emitter, error),
});
{
  await using engine = await createEngine({ store: backend, emitters: [both] });
  const run = await engine.start(one, {}, { id: "run-1" });
  await run.result();
}
await backend.runs.close();
const lines = readFileSync("run-1.jsonl", "utf8").trim().split("\\n");
console.log(lines.length, canonicalLog(buffer.eventsOf("run-1")).split("\\n").length - 1);
`;

const observing = `import { createEngine, value, workflow } from "agentflow";
import { type MetricsServer, openTelemetry, prometheusMetrics, serveMetrics } from "agentflow/observability";

const metrics = prometheusMetrics();
await using server: MetricsServer = await serveMetrics(metrics, { port: 0 });
await using engine = await createEngine({ store: "memory:", metrics, tracing: await openTelemetry() });
const one = workflow("one", { version: "1", state: { done: value(false) } })
  .start("only", () => ({ done: true }))
  .end("only");
await (await engine.start(one, {})).result();
const text = await (await fetch(server.url)).text();
console.log(text.includes('step_latency_ms_count{tenant="default",workflow_id="one",outcome="succeeded"} 1'));
`;

const testing = `import { sum, workflow } from "agentflow";
import { exploreCrashes, testRun } from "agentflow/testing";

const waiting = workflow("waiting", { version: "1", state: { done: sum() } })
  .start("only", async (_state, ctx) => {
    await ctx.sleep("nap", 60_000);
    return { done: await ctx.io("count", null, async () => 0, { effect: true }) };
  })
  .end("only");

const world = { io: { count: 1 } };
const run = await testRun(waiting, {}, world);
const { points } = await exploreCrashes(waiting, {}, world);
console.log(run.result.done === 1 ? "done" : "wrong", run.elapsedMs, points > 4);
`;

const asking = `import { AgentFlowError, createEngine, value, workflow } from "agentflow";
import { ask, createModelGateway } from "agentflow/models";

const models = await createModelGateway({}, { OPENAI_API_KEY: "none" });
const fog = workflow("fog", { version: "1", state: { answer: value("") } })
  .start("ask", async (_state, ctx) => {
    const text = "What of fog?\\nGulls nest in May. In fog the lamp burns by day.";
    const messages = [{ role: "user", text }] as const;
    return { answer: (await ask(ctx, models, { model: ["openai:gpt-5-mini", "local"], messages })).text };
  })
  .end("ask");

await using engine = await createEngine({ store: "memory:" });
console.log((await (await engine.start(fog, {})).result()).answer);
const missing = await models.check("openai:gpt-5-mini").catch((error: unknown) => error);
console.log(missing instanceof AgentFlowError ? missing.code + " " + missing.hint : missing);
`;

const adapter = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, InvariantError, openBackend, value, workflow } from "agentflow";
import { FakeClock, FakeHost, FaultyStore, SeededScheduler, type StoreFactory, storeContract } from "agentflow/contracts";

const factory: StoreFactory = async () => {
  const backend = new FaultyStore(await openBackend({ store: "memory:" }));
  return { backend, dispose: async () => backend.runs.close() };
};

storeContract("own", factory);

test("fakes and errors are those of the main entry", async () => {
  const clock = new FakeClock();
  assert.throws(() => clock.advance(-1), InvariantError);
  const scheduler = new SeededScheduler("1", { clock });
  const waiting = workflow("waiting", { version: "1", state: { done: value(false) } })
    .start("only", async (_state, ctx) => {
      await ctx.sleep("nap", 60_000);
      await scheduler.point("awake");
      return { done: true };
    })
    .end("only");
  await using engine = await createEngine({ store: "memory:", clock, host: new FakeHost() });
  const run = await engine.start(waiting, {});
  await scheduler.drive(run.settled());
  assert.deepEqual(scheduler.released, ["awake"]);
});
`;

const tsconfig = {
  compilerOptions: {
    target: "esnext",
    lib: ["esnext"],
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ["sample.ts", "emitting.ts", "observing.ts", "adapter.ts", "testing.ts", "asking.ts", "wrong.ts"],
};

before(async () => {
  await buildPackage(built);
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    '{ "name": "own-project", "private": true, "type": "module" }\n',
  );
  writeFileSync(join(project, "sample.ts"), sample);
  writeFileSync(join(project, "emitting.ts"), emitting);
  writeFileSync(join(project, "observing.ts"), observing);
  writeFileSync(join(project, "adapter.ts"), adapter);
  writeFileSync(join(project, "testing.ts"), testing);
  writeFileSync(join(project, "asking.ts"), asking);
  writeFileSync(join(project, "wrong.ts"), wrong);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig));
  runIn(folder, "npm", "pack", "./package", "--pack-destination", folder, "--silent");
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  assert(tarball !== undefined, "npm pack wrote no tarball");
  runIn(project, "npm", "install", join("..", tarball), "--prefer-offline", "--no-audit", "--no-fund");
});

test("the tarball holds the build and its licence, and neither sources nor tests", () => {
  const files = readdirSync(join(project, "node_modules", "agentflow"), {
    recursive: true,
    encoding: "utf8",
  });
  const odd = files.filter(
    (name) => !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE|[^/\\]+\.(js|d\.ts))$/.test(name),
  );
  assert.deepEqual(odd, []);
  assert(files.includes("LICENSE"));
});

test("one install brings everything: no private workspace is left to be found", () => {
  const installed = readdirSync(join(project, "node_modules"));
  assert.deepEqual(
    installed.filter((name) => name.startsWith("@agentflow")),
    [],
  );
  for (const name of readdirSync(built).filter((file) => /\.(js|d\.ts)$/.test(file))) {
    assert.doesNotMatch(
      readFileSync(join(built, name), "utf8"),
      /from "@agentflow\/|import\("@agentflow\//,
      name,
    );
  }
});

test("other packages are installed beside it, none is copied into it", () => {
  const copied = readdirSync(built)
    .filter((name) => name.endsWith(".js"))
    .filter((name) => readFileSync(join(built, name), "utf8").includes("// ../../node_modules/"));
  assert.deepEqual(copied, []);
});

test("a strict project type-checks against the declarations, and they refuse a wrong delta", () => {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.json"], {
    cwd: project,
    env: environment(),
    encoding: "utf8",
  });
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  assert.match(errors[0] ?? "", /^wrong\.ts\(4,/, stdout);
  assert.equal(errors.length, 1, stdout);
});

test("a workflow runs on the installed package with a database file", () => {
  assert.equal(runIn(project, process.execPath, "sample.ts"), "why\n");
});

test("the subpath emitters gives emitters that an engine takes, and what reads their events", () => {
  assert.equal(runIn(project, process.execPath, "emitting.ts"), "4 4\n");
});

test("the subpath observability serves the metrics of an engine, and takes its spans where no SDK is set up", () => {
  assert.equal(runIn(project, process.execPath, "observing.ts"), "true\n");
});

test("the subpath contracts tests an adapter with the fakes, against the same errors as the main entry", () => {
  const report = runIn(project, process.execPath, "--test-reporter=tap", "adapter.ts");
  assert.match(report, /^# fail 0$/m);
  assert.ok(Number(/^# pass (\d+)$/m.exec(report)?.[1]) > 50, report);
});

test("the subpath models answers without a key, and names the packages that a server needs", () => {
  const needed = "AF_CAPABILITY npm install @ai-sdk/openai undici";
  assert.equal(runIn(project, process.execPath, "asking.ts"), `In fog the lamp burns by day.\n${needed}\n`);
});

/** The built files that importing one of them loads at once. */
function loadedWith(entry: string): Set<string> {
  const loaded = new Set([entry]);
  for (const name of loaded) {
    const text = readFileSync(join(built, name), "utf8");
    for (const [, other] of text.matchAll(/^(?:import|export)\b[^"']*["']\.\/([^"']+)["'];?$/gm)) {
      loaded.add(other ?? "");
    }
  }
  return loaded;
}

test("the subpath testing runs a workflow of the main entry, and explores its crashes", () => {
  assert.equal(runIn(project, process.execPath, "testing.ts"), "done 60000 true\n");
});

test("the main entry loads neither emitters, contracts, models nor the testing kit: they cost nobody time who does not use them", () => {
  const sourceOf = (entry: string): string =>
    [...loadedWith(entry)].map((name) => readFileSync(join(built, name), "utf8")).join("\n");
  const parts = [
    /^function jsonlEmitter\(/m,
    /^function storeContract\(/m,
    /from "node:test"/,
    /^async function testRun\(/m,
    /The text says nothing about it/,
  ];
  const found = (entry: string): boolean[] => parts.map((part) => part.test(sourceOf(entry)));
  assert.deepEqual(found("emitters.js"), [true, false, false, false, false]);
  assert.deepEqual(found("contracts.js"), [false, true, true, false, false]);
  assert.deepEqual(found("testing.js"), [false, false, false, true, false]);
  assert.deepEqual(found("models.js"), [false, false, false, false, true]);
  assert.deepEqual(found("index.js"), [false, false, false, false, false]);
  assert.deepEqual(found("af.js"), [false, false, false, false, false]);
});

test("libraries for metrics, traces and logs are loaded by those alone who ask for them", () => {
  const libraries = /from "(?:prom-client|pino|@opentelemetry\/)/;
  const sourceOf = (entry: string): string =>
    [...loadedWith(entry)].map((name) => readFileSync(join(built, name), "utf8")).join("\n");
  const runDirectories = readdirSync(built).find(
    (name) =>
      name.endsWith(".js") &&
      /^function runDirectoryEmitter\(/m.test(readFileSync(join(built, name), "utf8")),
  );
  assert.match(sourceOf("observability.js"), libraries);
  for (const entry of ["index.js", "af.js", runDirectories ?? ""])
    assert.doesNotMatch(sourceOf(entry), libraries, entry);
});

test("the af command starts", () => {
  assert.match(runIn(project, "npx", "--no-install", "af", "--help"), /^Usage: af /m);
});
