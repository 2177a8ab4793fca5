import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import {
  append,
  interrupt,
  type JsonObject,
  nested,
  ReplayMismatchError,
  type StoreBackend,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";

const ok = interrupt<string, boolean>("ok");

/** Asks inside a nested workflow, of which a part is over by then. */
const asking = workflow("asking", { version: "1", state: { who: value<string>(), said: append<string>() } })
  .start("open", ({ who }) => ({ said: [`open ${who}`] }))
  .node("ask", { after: "open" }, async ({ who }, ctx) => ({ said: [String(await ctx.interrupt(ok, who))] }))
  .end("ask");

function first(greeting = "Hello") {
  return workflow("letters", { version: "1", state: { name: value<string>(), lines: append<string>() } })
    .start("greet", async ({ name }, ctx) => {
      await ctx.safeWrite("greeting.txt", "hello");
      return { lines: [`${greeting} ${name}`] };
    })
    .node("note", { after: "greet" }, ({ name }) => ({ lines: [`noted ${name}`] }))
    .node(
      "ask",
      { after: "greet" },
      nested(asking, {
        input: ({ name }: { readonly name: string }) => ({ who: name }),
        output: ({ said }) => ({ lines: [...said] }),
      }),
    )
    .node("shut", { after: ["note", "ask"] }, () => ({}))
    .end("shut");
}

type Migrate = (state: JsonObject, from: { readonly version: string }) => JsonObject;

const rename: Migrate = ({ name, lines }, { version }) => ({
  person: { full: name ?? null },
  lines: lines ?? [],
  from: version,
});

function second(given: { readonly migrate?: Migrate; readonly mark?: string } = {}) {
  const { migrate = rename, mark = "." } = given;
  return workflow("letters", {
    version: "2",
    state: { person: value<{ full: string }>(), lines: append<string>(), from: value("") },
    migrate,
  })
    .start("greet", () => ({}))
    .node("note", { after: "greet" }, () => ({}))
    .node(
      "ask",
      { after: "greet" },
      nested(asking, {
        input: ({ person }: { readonly person: { full: string } }) => ({ who: person.full }),
        output: ({ said }) => ({ lines: [...said] }),
      }),
    )
    .node("shut", { after: ["note", "ask"] }, async ({ person }, ctx) => {
      const { reason } = await ctx.safeWrite("greeting.txt", "hello");
      return { lines: [`${person.full} ${reason}${mark}`] };
    })
    .end("shut");
}

const artifacts = memoryArtifacts();

function engineOn(backend: StoreBackend): Engine {
  return new Engine({ backend, clock: new FakeClock(), host: new FakeHost(), artifacts });
}

const askId = "1.ask/1.ask#ok[0]";

/** Starts under one version, waits inside the nested workflow, and ends under another. */
async function migratedRun(backend: StoreBackend, ...versions: readonly Workflow[]): Promise<string> {
  const runId = "run-1";
  for (const [index, version] of versions.entries()) {
    await using engine = engineOn(backend);
    if (index === versions.length - 1) await engine.answer(runId, askId, true);
    const run = await (index === 0
      ? engine.start(version, { name: "Ada" } as never, { id: runId })
      : engine.resume(runId, version));
    const { status } = await run.settled();
    assert.equal(status, index === versions.length - 1 ? "succeeded" : "waiting");
  }
  return runId;
}

test("a migrated run replays from its migration on, and from its start with the version that it had", async () => {
  const backend = openMemory();
  const runId = await migratedRun(backend, first(), second());
  await using engine = engineOn(backend);
  const { state } = await engine.inspect(runId);
  assert.deepEqual(state, {
    person: { full: "Ada" },
    lines: ["Hello Ada", "noted Ada", "open Ada", "true", "Ada nochange."],
    from: "1",
  });
  const alone = await engine.replay(runId, second(), { strict: true });
  // 0.greet, 1.note and 1.ask/0.open came before.
  assert.deepEqual(alone, { runId, matches: true, steps: 3, unchecked: 3, effects: 0 });
  const whole = await engine.replay(runId, second(), { strict: true, earlier: [first()] });
  assert.deepEqual(whole, { runId, matches: true, steps: 6, unchecked: 0, effects: 0 });
});

test("a replay names what differs before, at and after a migration", async () => {
  const backend = openMemory();
  const runId = await migratedRun(backend, first(), second());
  await using engine = engineOn(backend);
  const differences: readonly (readonly [Workflow, Workflow, string, string])[] = [
    [first("Good day"), second(), "0.greet", "delta.lines"],
    [
      first(),
      second({ migrate: (state, from) => ({ ...rename(state, from), from: "0" }) }),
      "run",
      "migrate.from",
    ],
    [first(), second({ mark: "!" }), "2.shut", "delta.lines"],
  ];
  for (const [before, after, stepId, field] of differences) {
    const { divergence } = await engine.replay(runId, after, { earlier: [before] });
    assert.deepEqual([divergence?.stepId, divergence?.field], [stepId, field]);
    await assert.rejects(
      engine.replay(runId, after, { earlier: [before], strict: true }),
      ReplayMismatchError,
    );
  }
});

test("a run that was migrated twice, there and back, replays under each of its versions", async () => {
  const backend = openMemory();
  const back = workflow("letters", {
    version: "1",
    state: { name: value<string>(), lines: append<string>() },
    migrate: ({ person, lines }) => ({ name: (person as { full: string }).full, lines: lines ?? [] }),
  })
    .start("greet", async ({ name }) => ({ lines: [`Hello ${name}`] }))
    .node("note", { after: "greet" }, ({ name }) => ({ lines: [`noted ${name}`] }))
    .node(
      "ask",
      { after: "greet" },
      nested(asking, {
        input: ({ name }: { readonly name: string }) => ({ who: name }),
        output: ({ said }) => ({ lines: [...said] }),
      }),
    )
    .node("shut", { after: ["note", "ask"] }, () => ({}))
    .end("shut");
  assert.equal(back.fingerprint, first().fingerprint);
  const runId = await migratedRun(backend, first(), second(), back);
  await using engine = engineOn(backend);
  const report = await engine.replay(runId, back, { strict: true, earlier: [first(), second()] });
  assert.deepEqual([report.steps, report.unchecked], [6, 0]);
  const alone = await engine.replay(runId, back, { strict: true });
  assert.deepEqual([alone.steps, alone.unchecked], [3, 3]);
});

test("a replay compares the state that the run ended with, also where no step has read it", async () => {
  const backend = openMemory();
  const adding = (factor: number) => {
    const total = sum();
    const counted = { ...total, reduce: (current: number, delta: number) => current + factor * delta };
    return workflow("adding", { version: "1", state: { total: counted as typeof total } })
      .start("add", () => ({ total: 2 }))
      .end("add");
  };
  await using engine = engineOn(backend);
  const run = await engine.start(adding(1), {});
  assert.deepEqual(await run.result(), { total: 2 });
  assert.equal((await engine.replay(run.runId, adding(1), { strict: true })).matches, true);
  const { divergence } = await engine.replay(run.runId, adding(3));
  assert.deepEqual(divergence, { stepId: "run", field: "state.total", expected: 2, actual: 6 });
});

test("a field with a default that was added since is no divergence (S19)", async () => {
  const backend = openMemory();
  const state = { n: value(0) };
  const before = workflow("grown", { version: "1", state })
    .start("one", () => ({ n: 1 }))
    .end("one");
  const after = workflow("grown", { version: "2", state: { ...state, later: value("none") } })
    .start("one", () => ({ n: 1 }))
    .end("one");
  await using engine = engineOn(backend);
  const run = await engine.start(before, {});
  await run.result();
  assert.equal((await engine.replay(run.runId, after, { strict: true })).matches, true);
});

test("what a nested workflow did before it ended is compared too", async () => {
  const backend = openMemory();
  await using engine = engineOn(backend);
  const run = await engine.start(first(), { name: "Ada" });
  assert.equal((await run.settled()).status, "waiting");
  assert.equal((await engine.replay(run.runId, first(), { strict: true })).steps, 3);
  const changed = workflow("asking", {
    version: "1",
    state: { who: value<string>(), said: append<string>() },
  })
    .start("open", ({ who }) => ({ said: [`closed ${who}`] }))
    .node("ask", { after: "open" }, () => ({}))
    .end("ask");
  const other = workflow("letters", {
    version: "1",
    state: { name: value<string>(), lines: append<string>() },
  })
    .start("greet", async ({ name }, ctx) => {
      await ctx.safeWrite("greeting.txt", "hello");
      return { lines: [`Hello ${name}`] };
    })
    .node("note", { after: "greet" }, ({ name }) => ({ lines: [`noted ${name}`] }))
    .node(
      "ask",
      { after: "greet" },
      nested(changed, {
        input: ({ name }: { readonly name: string }) => ({ who: name }),
        output: () => ({}),
      }),
    )
    .node("shut", { after: ["note", "ask"] }, () => ({}))
    .end("shut");
  const { divergence } = await engine.replay(run.runId, other);
  assert.deepEqual([divergence?.stepId, divergence?.field], ["1.ask/0.open", "delta.said"]);
});

test("a run that failed because its superstep could not be sealed replays as far as it got", async () => {
  const backend = openMemory();
  const clash = (conflict: "fail" | "lastWriterWins") =>
    workflow("clash", { version: "1", state: { winner: value("nobody") }, conflict })
      .start("open", () => ({}))
      .node("one", { after: "open" }, () => ({ winner: "one" }))
      .node("two", { after: "open" }, () => ({ winner: "two" }))
      .node("shut", { after: ["one", "two"] }, () => ({}))
      .end("shut");
  await using engine = engineOn(backend);
  const run = await engine.start(clash("fail"), {});
  assert.equal((await run.settled()).status, "failed");
  const report = await engine.replay(run.runId, clash("fail"), { strict: true });
  assert.deepEqual([report.matches, report.steps], [true, 3]);
  const { divergence } = await engine.replay(run.runId, clash("lastWriterWins"));
  assert.deepEqual(divergence, { stepId: "run", field: "state.winner", expected: "nobody", actual: "two" });
});
