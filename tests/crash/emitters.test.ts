import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { append, type Emitter, interrupt, type StoreBackend, sum, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import { storedEvents } from "@agentflow/testkit";
import { EventRecorder } from "./process/event-recorder.ts";

const turns = 6;
const counting = workflow("counting", { version: "1", state: { turn: sum() } })
  .start("turn", async (_state, ctx) => {
    await ctx.io("tick", ctx.stepId, async (input) => input);
    return { turn: 1 };
  })
  .node("shut", {}, () => ({}))
  .route("turn", { to: ["turn", "shut"] }, ({ turn }) => (turn < turns ? "turn" : "shut"))
  .end("shut");

const place = (backend: StoreBackend) => ({ backend, tenant: "default", runId: "run" });

function engineWith(backend: StoreBackend, emitter: Emitter, onEmitterError = () => undefined): Engine {
  const parts = { backend, clock: new FakeClock(), host: new FakeHost() };
  return new Engine({ ...parts, emitters: [emitter], onEmitterError });
}

/** An emitter whose first `failures` deliveries go wrong. */
function failing(recorder: EventRecorder, failures: number, how: "throws" | "rejects"): Emitter {
  let left = failures;
  return {
    name: how,
    emit: (events) => {
      if (left-- <= 0) return recorder.emit(events);
      const error = new Error("the emitter is broken");
      if (how === "throws") throw error;
      return Promise.reject(error);
    },
  };
}

for (const how of ["throws", "rejects"] as const) {
  for (const failures of [1, 3, turns + 2]) {
    test(`an emitter that ${how} ${failures} times fails no run and gets every event once it is back`, async () => {
      const backend = openMemory();
      const recorder = new EventRecorder();
      let reports = 0;
      const engine = engineWith(backend, failing(recorder, failures, how), () => {
        reports++;
        return undefined;
      });
      const run = await engine.start(counting, {}, { id: "run" });
      assert.deepEqual(await run.result(), { turn: turns });
      await engine.close();
      assert.ok(reports > 0, "its failures are reported");
      assert.deepEqual(recorder.problems, []);
      if (reports < failures) assert.fail(`only ${reports} of ${failures} failures were met`);
      const again = engineWith(backend, recorder);
      await (await again.resume("run", counting)).result();
      await again.close();
      assert.deepEqual(recorder.events, await storedEvents(place(backend)));
    });
  }
}

test("an emitter that always fails fails no run, and one that replaces it gets every event", async () => {
  const backend = openMemory();
  const recorder = new EventRecorder();
  const broken = engineWith(backend, failing(recorder, Number.POSITIVE_INFINITY, "throws"));
  const run = await broken.start(counting, {}, { id: "run" });
  assert.deepEqual(await run.result(), { turn: turns });
  await broken.close();
  assert.deepEqual(recorder.events, []);
  const mended = engineWith(backend, recorder);
  await (await mended.resume("run", counting)).result();
  await mended.close();
  assert.deepEqual(recorder.problems, []);
  assert.deepEqual(recorder.events, await storedEvents(place(backend)));
});

for (const how of ["throws", "rejects"] as const) {
  test(`an emitter that ${how} at the last events of a run has them again before the engine closes`, async () => {
    const backend = openMemory();
    const recorder = new EventRecorder();
    let isBroken = true;
    const emitter: Emitter = {
      name: how,
      emit: (events) => {
        if (!isBroken || events.at(-1)?.type !== "run.succeeded") return recorder.emit(events);
        isBroken = false;
        const error = new Error("the emitter is broken");
        if (how === "throws") throw error;
        return Promise.reject(error);
      },
    };
    const engine = engineWith(backend, emitter);
    await (await engine.start(counting, {}, { id: "run" })).result();
    await engine.close();
    assert.equal(isBroken, false);
    assert.deepEqual(recorder.problems, []);
    assert.deepEqual(recorder.events, await storedEvents(place(backend)));
  });
}

test("a slow emitter holds up no run; closing the engine waits until it has every event", async () => {
  const backend = openMemory();
  const recorder = new EventRecorder();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Emitter = { name: "slow", emit: (events) => released.then(() => recorder.emit(events)) };
  const engine = engineWith(backend, slow);
  const run = await engine.start(counting, {}, { id: "run" });
  assert.deepEqual(await run.result(), { turn: turns });
  assert.deepEqual(recorder.events, [], "the run has ended before the emitter has taken anything");
  const closed = engine.close();
  release();
  await closed;
  assert.deepEqual(recorder.problems, []);
  assert.deepEqual(recorder.events, await storedEvents(place(backend)));
});

test("a run waits when its last running step ends while another waits for an answer", async () => {
  const sign = interrupt<string, string>("sign");
  let finish: (word: string) => void = () => undefined;
  const built = workflow("parked", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node("ask", { after: "open" }, async (_state, ctx) => ({ said: [await ctx.interrupt(sign, "please")] }))
    .node("work", { after: "open" }, async (_state, ctx) => ({
      said: [
        await ctx.io(
          "work",
          null,
          () =>
            new Promise<string>((resolve) => {
              finish = resolve;
            }),
        ),
      ],
    }))
    .node("shut", { after: ["ask", "work"] }, () => ({}))
    .end("shut");
  const backend = openMemory();
  const engine = engineWith(backend, new EventRecorder());
  const run = await engine.start(built, {}, { id: "run" });
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  finish("worked");
  assert.deepEqual(await run.settled(), { status: "waiting", steps: ["1.ask"] });
  await engine.answer("run", "1.ask#sign[0]", "signed");
  const resumed = await engine.resume("run", built);
  assert.deepEqual(await resumed.result(), { said: ["signed", "worked"] });
  await engine.close();
});
