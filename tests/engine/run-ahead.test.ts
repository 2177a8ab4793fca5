import assert from "node:assert/strict";
import { test } from "node:test";
import { interceptBackend } from "@agentflow/contracts";
import { nested, type RecordEvent, type RunEvent, value, workflow } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

/** A store that answers later: each commit when it is let through. */
function heldStore() {
  const memory = openMemory();
  const held: (() => void)[] = [];
  let isOpen = false;
  const sizes: number[] = [];
  const backend = interceptBackend(memory, (name, work) => {
    if (name !== "commit" || isOpen) return work();
    return new Promise<Awaited<ReturnType<typeof work>>>((resolve, reject) => {
      held.push(() => {
        Promise.resolve(work()).then(resolve, reject);
      });
    });
  });
  const commit = backend.runs.commit.bind(backend.runs);
  const runs = {
    ...backend.runs,
    commit: (members: Parameters<typeof commit>[0]) => {
      sizes.push(members.reduce((sum, { steps }) => sum + steps.length, 0));
      return commit(members);
    },
  };
  /** Lets the oldest commit through. */
  const release = async (): Promise<void> => {
    held.shift()?.();
    await turns();
  };
  const releaseAll = async (until: () => boolean): Promise<void> => {
    while (!until()) await release();
  };
  // A test that fails must not leave its engine waiting for ever.
  const dispose = (): void => {
    isOpen = true;
    for (const go of held.splice(0)) go();
  };
  return { backend: { ...backend, runs }, sizes, release, releaseAll, [Symbol.dispose]: dispose };
}

/** A loop of steps that touch nothing outside; `at` is called before each. */
function loop(steps: number, at: (step: number) => void, sizeBytes = 0) {
  return workflow("loop", { version: "1", state: { n: value(0), text: value("") } })
    .start("step", ({ n }) => {
      at(n);
      return { n: n + 1, text: `${n}`.padEnd(sizeBytes, "x") };
    })
    .route("step", { to: ["step", "done"] }, ({ n }) => (n < steps ? "step" : "done"))
    .node("done", {}, () => ({}))
    .end("done");
}

test("steps run ahead of a commit that takes its time, up to 256 of them, and are committed together (S5)", async () => {
  const store = heldStore();
  const { backend, sizes, release, releaseAll } = store;
  await using held = openEngine({ backend });
  using _ = store;
  let reached = 0;
  const starting = held.engine.start(
    loop(600, (step) => (reached = step)),
    {},
  );
  await turns();
  await release();
  const run = await starting;
  await turns();
  assert.equal(reached, 255);
  let isOver = false;
  void run.settled().then(() => (isOver = true));
  await releaseAll(() => isOver);
  assert.deepEqual(await run.result(), { n: 600, text: "599" });
  assert.ok(sizes.length < 12, `${sizes.length} commits`);
});

test("large deltas and the time that a commit takes bound how far steps run ahead", async () => {
  for (const [sizeBytes, stepMs, expected] of [
    [100_000, 0, 2],
    [0, 1, 2],
  ] as const) {
    const store = heldStore();
    const { backend, release, releaseAll } = store;
    await using held = openEngine({ backend });
    using _ = store;
    let reached = 0;
    const graph = loop(
      20,
      (step) => {
        reached = step;
        held.clock.advance(stepMs);
      },
      sizeBytes,
    );
    const starting = held.engine.start(graph, {});
    await turns();
    await release();
    const run = await starting;
    await turns();
    assert.equal(reached, expected);
    let isOver = false;
    void run.settled().then(() => (isOver = true));
    await releaseAll(() => isOver);
  }
});

const inner = workflow("inner", { version: "1", state: { n: value(0) } })
  .start("call", async (_state, ctx) => ({ n: await ctx.io("call", null, () => calls.push("nested")) }))
  .end("call");

let calls: string[] = [];

const outside = {
  "a call of a step": workflow("calling", { version: "1", state: { n: value(0) } })
    .start("first", () => ({ n: 1 }))
    .node("call", { after: "first" }, async (_state, ctx) => {
      calls.push("begun");
      await ctx.io("call", null, () => calls.push("made"));
      return {};
    })
    .end("call"),
  "a call in a nested workflow": workflow("nesting", { version: "1", state: { n: value(0) } })
    .start("first", () => ({ n: 1 }))
    .node("call", { after: "first" }, nested(inner, { input: () => ({}), output: ({ n }) => ({ n }) }))
    .end("call"),
};

for (const [what, graph] of Object.entries(outside)) {
  test(`${what} that ran ahead is made when what the step started from is durable (S8)`, async () => {
    calls = [];
    const store = heldStore();
    const { backend, sizes, release, releaseAll } = store;
    await using held = openEngine({ backend });
    using _ = store;
    const starting = held.engine.start(graph, {});
    await turns();
    await release();
    const run = await starting;
    await turns();
    assert.deepEqual([sizes, calls], [[0, 1], what === "a call of a step" ? ["begun"] : []]);
    await release();
    assert.deepEqual(calls.slice(-1), [what === "a call of a step" ? "made" : "nested"]);
    let isOver = false;
    void run.settled().then(() => (isOver = true));
    await releaseAll(() => isOver);
  });
}

test("nobody is told of a step that ran ahead before it is durable, and then of all in order (S5, S6)", async () => {
  const store = heldStore();
  const { backend, sizes, release, releaseAll } = store;
  const told: RunEvent[] = [];
  const emitters = [{ name: "told", emit: (events: readonly RecordEvent[]) => void told.push(...events) }];
  await using held = openEngine({ backend, emitters });
  using _ = store;
  const starting = held.engine.start(
    loop(300, () => undefined),
    {},
  );
  await turns();
  await release();
  const run = await starting;
  await turns();
  const ended = () => told.filter(({ type }) => type === "step.succeeded").length;
  assert.equal(ended(), 0);
  await release();
  assert.equal(ended(), sizes[1]);
  let isOver = false;
  void run.settled().then(() => (isOver = true));
  await releaseAll(() => isOver);
  assert.equal(ended(), 301);
  assert.deepEqual(
    told.map((event) => ("seq" in event ? event.seq : undefined)),
    told.map((_event, index) => index + 1),
  );
});

test("the limit of steps counts those that ran ahead", async () => {
  const store = heldStore();
  const { backend, release, releaseAll } = store;
  await using held = openEngine({ backend, limits: { maxSteps: 50 } });
  using _ = store;
  let reached = 0;
  const starting = held.engine.start(
    loop(600, (step) => (reached = step)),
    {},
  );
  await turns();
  await release();
  const run = await starting;
  await turns();
  assert.equal(reached, 49);
  let isOver = false;
  const settled = run.settled();
  void settled.then(() => (isOver = true));
  await releaseAll(() => isOver);
  const outcome = await settled;
  assert.equal(outcome.status === "failed" && outcome.error.name, "MaxStepsExceededError");
  const head = await backend.runs.readHead("default", run.runId);
  assert.equal(head?.steps, 50);
});
