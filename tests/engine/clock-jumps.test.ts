import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost, interceptBackend } from "@agentflow/contracts";
import { append, nested, type StoreBackend, sum, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function engineOn(backend: StoreBackend, clock: FakeClock): Engine {
  return new Engine({ backend, clock, host: new FakeHost() });
}

const napping = workflow("napping", { version: "1", state: { said: append<string>() } })
  .start("nap", async (_state, ctx) => {
    await ctx.sleep("nap", hourMs);
    return { said: ["awake"] };
  })
  .end("nap");

/** A run that sleeps for an hour, and whether it has woken up. */
async function sleepingRun() {
  const clock = new FakeClock();
  const engine = engineOn(openMemory(), clock);
  const run = await engine.start(napping, {}, { id: "run" });
  let isAwake = false;
  void run.settled().then(() => {
    isAwake = true;
  });
  await clock.advanceAsync(1);
  return { clock, engine, isAwake: () => isAwake };
}

test("a sleep ends within a minute of its time when the clock jumps past it, as after a machine's own sleep", async () => {
  const { clock, engine, isAwake } = await sleepingRun();
  await clock.advanceAsync(10 * minuteMs);
  clock.jump(2 * hourMs);
  await clock.advanceAsync(minuteMs);
  assert.equal(isAwake(), true);
  await engine.close();
});

test("a sleep does not end before its time when the clock is set back", async () => {
  const { clock, engine, isAwake } = await sleepingRun();
  await clock.advanceAsync(30 * minuteMs);
  clock.jump(-10 * minuteMs);
  await clock.advanceAsync(39 * minuteMs);
  assert.equal(isAwake(), false);
  await clock.advanceAsync(minuteMs);
  assert.equal(isAwake(), true);
  await engine.close();
});

const longestMs = 5_000;
const trying = workflow("trying", { version: "1", state: { tries: sum() } })
  .start(
    "try",
    (_state, ctx) => {
      if (ctx.attempt < 2) throw new Error("not yet");
      return { tries: ctx.attempt };
    },
    { retry: { attemptsMax: 2, backoffMs: 4_000, maxDelayMs: longestMs, jitter: 0 } },
  )
  .end("try");

for (const jumpMs of [-24 * hourMs, 24 * hourMs]) {
  const way = jumpMs < 0 ? "back" : "forth";
  test(`a retry comes after its delay in the same process when the clock is set ${way}`, async () => {
    const clock = new FakeClock();
    const engine = engineOn(openMemory(), clock);
    const run = await engine.start(trying, {}, { id: "run" });
    await clock.advanceAsync(1_000);
    clock.jump(jumpMs);
    await clock.advanceAsync(2_999);
    assert.equal((await engine.inspect("run")).status, "running");
    await clock.advanceAsync(1);
    assert.deepEqual(await run.result(), { tries: 2 });
    await engine.close();
  });
}

test("a retry comes after its delay when the clock is set back before its failure is durable", async () => {
  const clock = new FakeClock();
  const memory = openMemory();
  const backend = interceptBackend(memory, async (method, work) => {
    if (method === "commit") clock.jump(-hourMs);
    return work();
  });
  const engine = engineOn(backend, clock);
  const run = await engine.start(trying, {}, { id: "run" });
  await clock.advanceAsync(4_000);
  assert.deepEqual(await run.result(), { tries: 2 });
  await engine.close();
});

test("a retry waits no longer than its longest delay in the next process when the clock was set back", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const first = engineOn(backend, clock);
  await first.start(trying, {}, { id: "run" });
  await clock.advanceAsync(1_000);
  await first.close();
  clock.jump(-24 * hourMs);
  const second = engineOn(backend, clock);
  const run = await second.resume("run", trying);
  await clock.advanceAsync(longestMs);
  assert.deepEqual(await run.result(), { tries: 2 });
  await second.close();
});

test("a nested workflow takes no negative time when the clock is set back", async () => {
  const clock = new FakeClock();
  const backend = openMemory();
  const child = workflow("child", { version: "1", state: { said: append<string>() } })
    .start("say", () => {
      clock.jump(-hourMs);
      return { said: ["late"] };
    })
    .end("say");
  const parent = workflow("parent", { version: "1", state: { said: append<string>() } })
    .start("inside", nested(child, { input: () => ({}), output: ({ said }) => ({ said: [...said] }) }))
    .end("inside");
  const engine = engineOn(backend, clock);
  await (await engine.start(parent, {}, { id: "run" })).result();
  const request = { tenant: "default", runId: "run", afterEvent: 0, limit: 100 };
  const durations = (await backend.runs.readRecords(request)).flatMap(({ kind, row }) =>
    kind === "step" ? [row.durationMs] : [],
  );
  assert.equal(durations.length, 2);
  assert.ok(
    durations.every((durationMs) => durationMs >= 0),
    durations.join(" "),
  );
  await engine.close();
});
