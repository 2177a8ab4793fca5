import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import {
  append,
  interrupt,
  type JsonObject,
  type StoreBackend,
  ValidationError,
  VersionMismatchError,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

const ok = interrupt<string, boolean>("ok");

const first = workflow("letters", { version: "1", state: { name: value<string>(), lines: append<string>() } })
  .start("greet", ({ name }) => ({ lines: [`Hello ${name}`] }))
  .node("ask", { after: "greet" }, async ({ name }, ctx) => ({
    lines: [String(await ctx.interrupt(ok, name))],
  }))
  .end("ask");

type Migration = (state: JsonObject, from: { version: string }) => JsonObject;

function second(migrate?: Migration) {
  return workflow("letters", {
    version: "2",
    state: { person: value<{ full: string }>(), lines: append<string>(), from: value("") },
    ...(migrate === undefined ? {} : { migrate }),
  })
    .start("greet", () => ({}))
    .node("ask", { after: "greet" }, async ({ person }, ctx) => ({
      lines: [`${person.full}: ${String(await ctx.interrupt(ok, person.full))}`],
    }))
    .end("ask");
}

const rename: Migration = ({ name, lines }, { version }) => ({
  person: { full: name ?? null },
  lines: lines ?? [],
  from: version,
});

function engineOn(backend: StoreBackend): Engine {
  return new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
}

async function waitingRun(backend: StoreBackend): Promise<string> {
  await using engine = engineOn(backend);
  const run = await engine.start(first, { name: "Ada" });
  assert.equal((await run.settled()).status, "waiting");
  return run.runId;
}

test("a run of another version is refused, names the differences and stays where it is", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  const before = await backend.runs.readHead("default", runId);
  await using engine = engineOn(backend);
  await assert.rejects(engine.resume(runId, second()), (error: unknown) => {
    assert.ok(error instanceof VersionMismatchError);
    assert.match(error.message, /letters 1/);
    assert.ok((error.context["differences"] as string[]).length > 0);
    return true;
  });
  assert.deepEqual(await backend.runs.readHead("default", runId), before);
});

test("migrate turns the state into one of the new version, once", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  let migrations = 0;
  const migrating = second((state, from) => {
    migrations++;
    return rename(state, from);
  });
  {
    await using engine = engineOn(backend);
    const run = await engine.resume(runId, migrating);
    assert.equal((await run.settled()).status, "waiting");
    assert.deepEqual((await engine.inspect(runId)).state, {
      from: "1",
      lines: ["Hello Ada"],
      person: { full: "Ada" },
    });
  }
  await using engine = engineOn(backend);
  await engine.answer(runId, "1.ask#ok[0]", true);
  const run = await engine.resume(runId, migrating);
  assert.deepEqual(await run.result(), {
    person: { full: "Ada" },
    lines: ["Hello Ada", "Ada: true"],
    from: "1",
  });
  assert.equal(migrations, 1);
});

test("a migration whose state does not fit changes nothing and gives the run back", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  const before = await backend.runs.readHead("default", runId);
  await using engine = engineOn(backend);
  const wrong = second(() => ({ lines: [] }));
  await assert.rejects(engine.resume(runId, wrong), ValidationError);
  const after = await backend.runs.readHead("default", runId);
  assert.equal(after?.owner, undefined);
  assert.equal(after?.seq, before?.seq);
  const run = await engine.resume(runId, first);
  assert.equal((await run.settled()).status, "waiting");
});

test("a workflow without the node that a run goes on with is refused even with migrate", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  await using engine = engineOn(backend);
  const other = workflow("letters", {
    version: "3",
    state: { lines: append<string>() },
    migrate: () => ({ lines: [] }),
  })
    .start("greet", () => ({}))
    .end("greet") as Workflow;
  await assert.rejects(engine.resume(runId, other), /node "ask"/);
});

test("an override goes on with a workflow that differs, on the journal as it is", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  const changed = workflow("letters", {
    version: "1b",
    state: { name: value<string>(), lines: append<string>() },
  })
    .start("greet", ({ name }) => ({ lines: [`Good day ${name}`] }))
    .node("ask", { after: "greet" }, async ({ name }, ctx) => ({
      lines: [`${await ctx.interrupt(ok, name)}!`],
    }))
    .end("ask");
  await using engine = engineOn(backend);
  await engine.answer(runId, "1.ask#ok[0]", true);
  const run = await engine.resume(runId, changed, { allowVersionMismatch: true });
  assert.deepEqual((await run.result()).lines, ["Hello Ada", "true!"]);
});

test("a run that was migrated is refused by the version that started it, also after a later snapshot", async () => {
  const backend = openMemory();
  const runId = await waitingRun(backend);
  const turns = 40;
  const later = workflow("letters", {
    version: "2",
    state: {
      person: value<{ full: string }>(),
      lines: append<string>(),
      from: value(""),
      page: value(""),
      turn: value(0),
    },
    migrate: (state, from) => ({ ...rename(state, from), page: "", turn: 0 }),
  })
    .start("greet", () => ({}))
    // Enough for a snapshot in between, from which the run goes on then.
    .node("ask", { after: "greet" }, async ({ turn }, ctx) => {
      if (turn === 0 || turn === turns) await ctx.interrupt(ok, "");
      return { turn: turn + 1, page: `${turn}`.repeat(2_000) };
    })
    .node("shut", {}, () => ({}))
    .route("ask", { to: ["ask", "shut"] }, ({ turn }) => (turn <= turns ? "ask" : "shut"))
    .end("shut");
  const goBack = async (name: string) => {
    const before = await backend.runs.readHead("default", runId);
    await using engine = engineOn(backend);
    await assert.rejects(engine.resume(runId, first), VersionMismatchError, name);
    const after = await backend.runs.readHead("default", runId);
    assert.deepEqual([after?.seq, after?.status, after?.owner], [before?.seq, "waiting", undefined]);
  };
  {
    await using engine = engineOn(backend);
    await (await engine.resume(runId, later)).settled();
  }
  await goBack("at once");
  {
    await using engine = engineOn(backend);
    await engine.answer(runId, "1.ask#ok[0]", true);
    await (await engine.resume(runId, later)).settled();
  }
  const scope = { tenant: "default", runId, scope: "", from: "snapshot" } as const;
  const { snapshot } = await backend.runs.readScope(scope);
  assert.ok((snapshot?.superstep ?? 0) > 30, `no later snapshot than at ${snapshot?.superstep}`);
  await goBack("after a snapshot");
  await using engine = engineOn(backend);
  await engine.answer(runId, "41.ask#ok[0]", true);
  assert.equal((await (await engine.resume(runId, later)).settled()).status, "succeeded");
});
