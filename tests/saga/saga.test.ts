import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeHost, FakeProcesses, FaultyStore } from "@agentflow/contracts";
import {
  append,
  flow,
  type NodeContext,
  nested,
  RunStatusError,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { fail, passTime, settle } from "../determinism/settle.ts";

/** What was booked and undone, by idempotency key: the outside counts each once. */
class Outside {
  readonly #done = new Map<string, string>();
  breaks = new Set<string>();

  act(ctx: NodeContext, what: string): Promise<string> {
    return ctx.io(what, null, (_null, { idempotencyKey }) => {
      if (this.breaks.has(what)) throw new Error(`${what} broke`);
      this.#done.set(idempotencyKey, what);
      return what;
    });
  }

  get done(): readonly string[] {
    return [...this.#done.values()];
  }
}

function asGraph(outside: Outside): Workflow {
  const state = { booked: append<string>(), given: value("") };
  const inner = workflow("inner", { version: "1", state: { room: value("") } })
    .start("hotel", async (_state, ctx) => ({ room: await outside.act(ctx, "hotel") }), {
      compensate: ({ room }, ctx) => outside.act(ctx, `undo ${room}`),
    })
    .end("hotel");
  return workflow("trip", { version: "1", state })
    .start("flight", async (_state, ctx) => ({ booked: [await outside.act(ctx, "flight")] }), {
      compensate: async ({ booked = [] }, ctx) => outside.act(ctx, `undo ${booked.join()}`),
      retry: { attemptsMax: 2, backoffMs: 10, retryIf: () => true },
    })
    .node(
      "hotel",
      { after: "flight" },
      nested(inner, { input: () => ({}), output: ({ room }) => ({ booked: [room] }) }),
    )
    .map(
      "seats",
      { after: "hotel", over: () => ["a", "b"] },
      async (seat, ctx) => ({ booked: [await outside.act(ctx, seat)] }),
      { compensate: (_delta, ctx, seat) => outside.act(ctx, `undo ${seat}`) },
    )
    .node("car", { after: "seats" }, async (_state, ctx) => ({ booked: [await outside.act(ctx, "car")] }))
    .end("car") as unknown as Workflow;
}

function asFlow(outside: Outside): Workflow {
  const hotel = flow("hotel", { version: "1" }, (_input: null, ctx) =>
    ctx.step("hotel", null, (_null, step) => outside.act(step, "hotel"), {
      compensate: (room, step) => outside.act(step, `undo ${room}`),
    }),
  );
  return flow("trip", { version: "1" }, async (_input: unknown, ctx) => {
    const flight = await ctx.step("flight", "given", (_given, step) => outside.act(step, "flight"), {
      compensate: (given, step) => outside.act(step, `undo ${given}`),
      retry: { attemptsMax: 2, backoffMs: 10, retryIf: () => true },
    });
    const room = await ctx.run(hotel, null);
    await ctx.map("seats", ["a", "b"], (seat, step) => outside.act(step, seat), {
      concurrency: 1,
      compensate: (_seat, step, seat) => outside.act(step, `undo ${seat}`),
    });
    return [flight, room, await ctx.step("car", null, (_null, step) => outside.act(step, "car"))];
  }) as unknown as Workflow;
}

const forward = ["flight", "hotel", "a", "b"];
const backward = ["undo b", "undo a", "undo hotel", "undo flight"];

for (const [form, make] of [
  ["graph", asGraph],
  ["flow", asFlow],
] as const) {
  test(`${form}: a failed run undoes its completed steps, the last first, and keeps its failure (S11)`, async () => {
    await using held = openEngine();
    const outside = new Outside();
    outside.breaks.add("car");
    const trip = make(outside);
    const run = await held.engine.start(trip, {});
    const { failure, compensation } = await fail(run, held.clock);
    assert.match(failure.message, /car broke/);
    assert.deepEqual(compensation, { compensated: 4, failed: [] });
    assert.deepEqual(outside.done, [...forward, ...backward]);
    const { eventsByType, steps, status } = await held.engine.inspect(run.runId);
    assert.equal(eventsByType["run.compensating"], 1);
    assert.equal(status, "failed");
    assert.equal(steps.filter(({ stepId }) => stepId.includes("compensate/")).length, 4);
    const replay = await held.engine.replay(run.runId, trip);
    assert.equal(replay.divergence, undefined);
    assert.ok(replay.steps >= 8, `${replay.steps} steps replayed`);
    await assert.rejects(held.engine.resume(run.runId, trip), RunStatusError);
    assert.equal(outside.done.length, 8);
  });

  test(`${form}: a compensation that fails is told, the others go on, and a resume tries it again (S11)`, async () => {
    await using held = openEngine();
    const outside = new Outside();
    for (const what of ["car", "undo hotel"]) outside.breaks.add(what);
    const trip = make(outside);
    const run = await held.engine.start(trip, {});
    const { compensation } = await fail(run, held.clock);
    assert.equal(compensation?.compensated, 3);
    assert.match(compensation?.failed[0]?.failure.message ?? "", /undo hotel broke/);
    assert.match(compensation?.failed[0]?.stepId ?? "", /hotel/);
    assert.deepEqual(outside.done, [...forward, "undo b", "undo a", "undo flight"]);
    const why = await held.engine.why(run.runId);
    assert.equal(why.compensation?.report?.failed.length, 1);
    outside.breaks.delete("undo hotel");
    const again = await fail(await held.engine.resume(run.runId, trip), held.clock);
    assert.match(again.failure.message, /car broke/);
    assert.deepEqual(again.compensation, { compensated: 4, failed: [] });
    assert.deepEqual(outside.done.slice(-1), ["undo hotel"]);
    assert.equal((await held.engine.replay(run.runId, trip)).divergence, undefined);
  });

  test(`${form}: each compensation takes effect once, wherever processes die (ENG-22, S8)`, async () => {
    for (const kind of ["crashBefore", "crashAfter"] as const) {
      for (let crash = 1; crash <= 40; crash++) {
        const backend = openMemory();
        const outside = new Outside();
        outside.breaks.add("car");
        const trip = make(outside);
        const { clock } = openEngine();
        const processes = new FakeProcesses();
        let isOver = false;
        for (let pid = 100; !isOver; pid++) {
          const host = new FakeHost({ processes, pid });
          const faults = pid === 100 ? [{ call: crash, kind, method: "commit" } as const] : [];
          const store = new FaultyStore(backend, faults);
          const engine = new Engine({ backend: store, clock, host, artifacts: memoryArtifacts() });
          const head = await backend.runs.readHead("default", "trip");
          const ended = (async () => {
            const run =
              head === undefined
                ? await engine.start(trip, {}, { id: "trip" })
                : await engine.resume("trip", trip);
            return run.settled();
          })();
          const outcome = await passTime(Promise.race([ended, store.crashed.then(() => undefined)]), clock);
          if (outcome === undefined) {
            host.die();
            // A crash after the last commit has nothing left to do.
            isOver = (await backend.runs.readHead("default", "trip"))?.status === "failed";
            continue;
          }
          assert.equal(outcome.status, "failed", `${kind} ${crash}`);
          isOver = true;
        }
        assert.deepEqual(outside.done, [...forward, ...backward], `${kind} at commit ${crash}`);
        await using reader = openEngine({ backend, host: { pid: 999 } });
        assert.equal((await reader.engine.replay("trip", trip)).divergence, undefined);
      }
    }
  });
}

test("the first compensation that fails stops the others where that is asked for", async () => {
  await using held = openEngine();
  const outside = new Outside();
  for (const what of ["last", "undo b"]) outside.breaks.add(what);
  const stopping = flow(
    "stopping",
    { version: "1", compensation: { onFailure: "stop" } },
    async (_input: null, ctx) => {
      for (const name of ["a", "b", "c"]) {
        await ctx.step(name, null, (_null, step) => outside.act(step, name), {
          compensate: (given, step) => outside.act(step, `undo ${given}`),
        });
      }
      await outside.act(ctx, "last");
    },
  );
  const { compensation } = await fail(await held.engine.start(stopping, null), held.clock);
  assert.equal(compensation?.compensated, 1);
  assert.deepEqual(outside.done, ["a", "b", "c", "undo c"]);
});

test("a cancelled run is undone where that is asked for, also while it waits, and not otherwise", async () => {
  for (const onCancel of [true, false]) {
    await using held = openEngine();
    const outside = new Outside();
    const waiting = workflow("waiting", { version: "1", state: {}, compensation: { onCancel } })
      .start("book", async (_state, ctx) => void (await outside.act(ctx, "book")), {
        compensate: (_delta, ctx) => outside.act(ctx, "undo"),
      })
      .node("wait", { after: "book" }, async (_state, ctx) => void (await ctx.sleep("long", 1_000_000)))
      .end("wait");
    const run = await held.engine.start(waiting, {});
    await held.clock.advanceAsync(10);
    await passTime(held.engine.request(run.runId, "cancel", { by: "Ada" }), held.clock);
    const outcome = await settle(run, held.clock);
    assert.equal(outcome.status, "cancelled");
    assert.deepEqual(outside.done, onCancel ? ["book", "undo"] : ["book"]);
    assert.equal((await held.engine.inspect(run.runId)).status, "cancelled");
  }
});

test("a run that completed nothing to undo fails as ever, and can be resumed", async () => {
  await using held = openEngine();
  const outside = new Outside();
  outside.breaks.add("flight");
  const trip = asGraph(outside);
  const run = await held.engine.start(trip, {});
  const { compensation } = await fail(run, held.clock);
  assert.equal(compensation, undefined);
  outside.breaks.delete("flight");
  const resumed = await held.engine.resume(run.runId, trip);
  assert.equal((await settle(resumed, held.clock)).status, "succeeded");
});

test("a compensation may wait, and whoever resumes the run goes on with it (S13)", async () => {
  await using held = openEngine();
  const outside = new Outside();
  const asking = flow("asking", { version: "1" }, async (_input: null, ctx) => {
    await ctx.step("pay", null, (_null, step) => outside.act(step, "pay"), {
      compensate: async (_given, step) => {
        await step.waitFor("refund");
        return outside.act(step, "refund");
      },
    });
    throw new Error("broken");
  });
  const run = await held.engine.start(asking, null);
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.signal(run.runId, "refund", null);
  const resumed = await held.engine.resume(run.runId, asking);
  const { failure, compensation } = await fail(resumed, held.clock);
  assert.match(failure.message, /broken/);
  assert.equal(compensation?.compensated, 1);
  assert.deepEqual(outside.done, ["pay", "refund"]);
});
