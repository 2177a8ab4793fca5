import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  interrupt,
  ValidationError,
  VersionMismatchError,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import type { BacktestVerdict, Engine } from "@agentflow/engine";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";

const ok = interrupt<string, boolean>("ok");

interface Order {
  readonly version?: string;
  /** Changes what a finished step gives. */
  readonly greeting?: string;
  /** Changes the call that the step in flight made before it asked. */
  readonly quote?: string;
  readonly node?: string;
  readonly migrates?: boolean;
  readonly throws?: boolean;
  readonly more?: boolean;
  /** The step in flight no longer makes the call that it made. */
  readonly isSilent?: boolean;
}

/** A workflow in many versions: it greets, then asks, then ends. */
function order(given: Order): Workflow {
  const {
    version = "1",
    greeting = "hello",
    quote = "quote",
    node = "ask",
    migrates,
    throws,
    more,
    isSilent,
  } = given;
  const migrate = (state: object): never => {
    if (throws === true) throw new Error("no way to migrate");
    return { ...state, from: version } as never;
  };
  return workflow("order", {
    version,
    state: {
      name: value("Ada"),
      said: append<string>(),
      ...(migrates === true ? { from: value("nowhere") } : {}),
      ...(more === true ? { extra: value("new") } : {}),
    },
    ...(migrates === true ? { migrate } : {}),
  })
    .start("greet", ({ name }) => ({ said: [`${greeting} ${name}`] }))
    .node(node, { after: "greet" }, async (_state, ctx) => {
      const price = isSilent === true ? 7 : await ctx.io(quote, null, async () => 7, { effect: true });
      const isFine = await ctx.interrupt(ok, `for ${price}?`);
      return { said: [isFine ? "yes" : "no"] };
    })
    .node("shut", { after: node }, () => ({ said: ["bye"] }))
    .end("shut") as unknown as Workflow;
}

/** A run of version 1 that has ended, and one that waits. */
async function history(engine: Engine): Promise<void> {
  for (const id of ["ended", "waits"]) {
    const run = await engine.start(order({}), {}, { id });
    assert.equal((await run.settled()).status, "waiting");
  }
  await engine.answer("ended", "1.ask#ok[0]", true);
  await (await engine.resume("ended", order({}))).result();
}

/** A process that comes after the one that made the history, and knows no code of it. */
async function afterHistory(): Promise<OpenedEngine> {
  await using earlier = openEngine();
  await history(earlier.engine);
  return openEngine({ backend: earlier.backend });
}

interface Row {
  readonly change: string;
  readonly code: Order;
  readonly ended: BacktestVerdict;
  readonly waits: BacktestVerdict;
  /** What an override of the version makes of the run that waits. */
  readonly overridden?: "goes on" | "refused";
}

const told: Readonly<Record<BacktestVerdict, string>> = {
  same: "is the same",
  migrates: "is migrated",
  diverges: "diverges",
  refused: "is refused",
  unchecked: "is not checked",
};

const matrix: readonly Row[] = [
  { change: "none", code: {}, ended: "same", waits: "same" },
  { change: "a new field with a default", code: { more: true }, ended: "same", waits: "same" },
  {
    change: "another version, without migrate",
    code: { version: "2" },
    ended: "same",
    waits: "refused",
    overridden: "goes on",
  },
  {
    change: "another version, with migrate",
    code: { version: "2", migrates: true },
    ended: "same",
    waits: "migrates",
  },
  {
    change: "a migrate that throws",
    code: { version: "2", migrates: true, throws: true },
    ended: "same",
    waits: "refused",
  },
  {
    change: "a migrate to a graph without the node",
    code: { version: "2", migrates: true, node: "other" },
    ended: "diverges",
    waits: "refused",
  },
  {
    change: "a node with another name",
    code: { node: "other" },
    ended: "diverges",
    waits: "refused",
    overridden: "refused",
  },
  {
    change: "another result of a step that has ended",
    code: { greeting: "hi" },
    ended: "diverges",
    waits: "diverges",
  },
  {
    change: "another call of the step in flight",
    code: { quote: "price" },
    ended: "diverges",
    waits: "diverges",
  },
];

for (const { change, code, ended, waits, overridden } of matrix) {
  test(`runs of version 1 under ${change}: one that has ended ${told[ended]} and one in flight ${told[waits]} (S19)`, async () => {
    await using held = await afterHistory();
    const { engine } = held;
    const rows = await held.backend.runs.listRuns({ tenant: "default", limit: 10 });
    const changed = order(code);
    const results = await Promise.all(["ended", "waits"].map((id) => engine.backtest(id, changed)));
    assert.deepEqual(
      results.map(({ verdict }) => verdict),
      [ended, waits],
      JSON.stringify(results),
    );
    assert.deepEqual(await held.backend.runs.listRuns({ tenant: "default", limit: 10 }), rows);
    // What the backtest says is what a resume does.
    await engine.answer("waits", "1.ask#ok[0]", true);
    const resumed = engine.resume("waits", changed);
    if (waits === "refused") await assert.rejects(resumed);
    else assert.equal((await (await resumed).settled()).status, "succeeded");
    if (overridden === undefined) return;
    const forced = engine.resume("waits", changed, { allowVersionMismatch: true });
    if (overridden === "goes on") assert.equal((await (await forced).settled()).status, "succeeded");
    else await assert.rejects(forced, VersionMismatchError);
  });
}

test("a backtest names step, field, expected and actual, also of a step that has not ended", async () => {
  await using held = await afterHistory();
  const changed = await held.engine.backtest("waits", order({ greeting: "hi" }));
  assert.deepEqual(changed.divergence, {
    stepId: "0.greet",
    field: "delta.said",
    expected: ["hello Ada"],
    actual: ["hi Ada"],
  });
  const open = await held.engine.backtest("waits", order({ quote: "price" }));
  assert.deepEqual([open.divergence?.stepId, open.divergence?.field], ["1.ask", 'io "price"']);
  const silent = await held.engine.backtest("waits", order({ isSilent: true }));
  assert.deepEqual([silent.divergence?.stepId, silent.divergence?.field], ["1.ask", "journal"]);
});

test("a step is executed again alone, on its journal and from its state: one that ended, one that waits, one that failed", async () => {
  await using held = await afterHistory();
  const { engine } = held;
  const debug = (runId: string, step: string, code: Order = {}) =>
    engine.debug(runId, { step, workflow: order(code) });
  const ended = await debug("ended", "1.ask");
  assert.deepEqual(ended.now, { status: "succeeded", delta: { said: ["yes"] } });
  assert.deepEqual(
    ended.calls.map(({ kind, name }) => `${kind} ${name}`),
    ["io quote", "interrupt ok", "answer ok"],
  );
  assert.equal(ended.divergence, undefined);
  const waits = await debug("waits", "1.ask");
  assert.deepEqual([waits.recorded.status, waits.now?.status], ["waiting", "waiting"]);
  const changed = await debug("ended", "0.greet", { greeting: "hi" });
  assert.deepEqual(changed.now, { status: "succeeded", delta: { said: ["hi Ada"] } });
  assert.equal(changed.divergence?.field, "delta.said");
  const broken = workflow("broken", { version: "1", state: { n: value(2) } })
    .start("one", async ({ n }, ctx) => {
      const seen = await ctx.io("see", n, async (given) => given * 2);
      throw new Error(`saw ${seen}`);
    })
    .end("one");
  const run = await engine.start(broken, {}, { id: "broken" });
  await assert.rejects(run.result());
  const failed = await engine.debug("broken", { step: "0.one", workflow: broken as unknown as Workflow });
  assert.equal(failed.now?.failure?.message, "saw 4");
  assert.equal(failed.divergence, undefined);
  await assert.rejects(debug("ended", "1.aks"), (error) => {
    assert.ok(error instanceof ValidationError);
    return /Did you mean 1.ask/.test(error.hint ?? "");
  });
});

test("why names the steps that are in flight, also before the run has a row of them", async () => {
  await using held = openEngine();
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = workflow("slow", { version: "1", state: { done: value(false) } })
    .start("one", async () => gates[0]?.promise as Promise<undefined>)
    .map("two", { after: "one", over: () => [1, 2] }, async () => gates[1]?.promise as Promise<undefined>)
    .end("two");
  const run = await held.engine.start(slow, {}, { id: "slow" });
  assert.deepEqual((await held.engine.why("slow")).inFlight, ["0.one"]);
  gates[0]?.resolve();
  for await (const { type, step } of run.events()) if (type === "step.succeeded" && step === "0.one") break;
  assert.deepEqual((await held.engine.why("slow")).inFlight, ["1.two[0]", "1.two[1]"]);
  gates[1]?.resolve();
  await run.result();
  assert.deepEqual((await held.engine.why("slow")).inFlight, []);
});
