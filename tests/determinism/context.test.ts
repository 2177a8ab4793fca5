import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededScheduler } from "@agentflow/contracts";
import { append, interrupt, type Json, type NodeContext, value, workflow } from "@agentflow/core";
import { openEngine } from "./open-engine.ts";
import { Points } from "./points.ts";
import { eventsOfRun } from "./recorded-run.ts";
import { settle, succeed } from "./settle.ts";

const draws = (ctx: NodeContext): string[] => [
  String(ctx.rng.next()),
  String(ctx.rng.integer(1, 1_000_000)),
  ctx.rng.pick(["a", "b", "c", "d"]),
  ctx.rng.shuffle([1, 2, 3, 4, 5, 6, 7, 8]).join(""),
  ctx.uuid(),
  ctx.uuid(),
];

const drawing = workflow("drawing", { version: "1", state: { drawn: append<string>() } })
  .start("first", (_state, ctx) => ({ drawn: draws(ctx) }))
  .map("each", { after: "first", over: () => [0, 1, 2] }, (_item, ctx) => ({ drawn: draws(ctx) }))
  .end("each");

test("the same seed gives the same random sequence in 10 runs, another seed another one", async () => {
  const sequences = new Set<string>();
  for (let index = 0; index < 10; index++) {
    await using opened = openEngine({ limits: { maxConcurrent: 1 + index } });
    const run = await opened.engine.start(drawing, {}, { seed: "one", id: `run-${index}` });
    const { drawn } = await succeed(run, opened.clock);
    assert.equal(new Set(drawn.filter((text) => text.length === 36)).size, 8, "every uuid is another");
    sequences.add(drawn.join(" "));
  }
  assert.equal(sequences.size, 1);
  await using opened = openEngine();
  const { drawn } = await succeed(await opened.engine.start(drawing, {}, { seed: "two" }), opened.clock);
  assert.ok(!sequences.has(drawn.join(" ")));
});

test("10 strict replays of a run draw the random sequence it drew", async () => {
  await using opened = openEngine();
  const run = await opened.engine.start(drawing, {});
  await succeed(run, opened.clock);
  for (let index = 0; index < 10; index++) {
    const report = await opened.engine.replay(run.runId, drawing, { strict: true });
    assert.deepEqual(report, { runId: run.runId, matches: true, steps: 4, unchecked: 0, effects: 0 });
  }
});

test("each attempt draws the sequence of its step from the start", async () => {
  const drawn: string[][] = [];
  const failing = workflow("failing", { version: "1", state: { log: append<string>() } })
    .start(
      "draw",
      (_state, ctx) => {
        drawn.push(draws(ctx));
        if (ctx.attempt < 3) throw new Error("again");
        return {};
      },
      { retry: { attemptsMax: 3, backoffMs: 5, retryIf: () => true } },
    )
    .end("draw");
  await using opened = openEngine();
  await succeed(await opened.engine.start(failing, {}), opened.clock);
  assert.equal(drawn.length, 3);
  assert.deepEqual([drawn[1], drawn[2]], [drawn[0], drawn[0]]);
});

test("a step that is executed again in another process reads the time, the ids and the results that it read first", async () => {
  const ask = interrupt<null, string>("ask");
  const executions: Json[] = [];
  let calls = 0;
  const asking = workflow("asking", { version: "1", state: { answer: value("") } })
    .start("ask", async (_state, ctx) => {
      const before = [ctx.now(), ctx.uuid(), ctx.rng.next()];
      const fetched = await ctx.io("fetch", { page: 1 }, () => `call ${++calls}`);
      executions.push([...before, fetched]);
      const answer = await ctx.interrupt(ask, null);
      return { answer: `${answer} at ${before[0]} after ${ctx.now()}` };
    })
    .end("ask");
  const first = openEngine();
  const run = await first.engine.start(asking, {});
  assert.equal((await settle(run, first.clock)).status, "waiting");
  const beganAt = first.clock.now();
  await first.engine.close();
  await using second = openEngine({ backend: first.backend, host: { pid: 2 } });
  second.clock.advance(86_400_000);
  await second.engine.answer(run.runId, "0.ask#ask[0]", "yes");
  const resumed = await second.engine.resume(run.runId, asking);
  const { answer } = await succeed(resumed, second.clock);
  assert.equal(answer, `yes at ${beganAt} after ${second.clock.now()}`);
  assert.equal(calls, 1, "the outside was called once");
  assert.equal(executions.length, 2);
  assert.deepEqual(executions[0], executions[1]);
  const read = (await eventsOfRun(second.engine, run.runId)).filter((event) => event.type === "clock.read");
  assert.deepEqual(
    read.map((event) => (event.data as { value: Json }).value),
    [beganAt, second.clock.now()],
  );
});

test("the result of an outside call is journaled once and given as frozen JSON", async () => {
  const seen: unknown[] = [];
  const calling = workflow("calling", { version: "1", state: { log: append<string>() } })
    .start("call", async (_state, ctx) => {
      const made = await ctx.io("make", [1], () => ({
        when: -0,
        nothing: undefined,
        list: [{ deep: true }],
      }));
      seen.push(made);
      assert.ok(Object.isFrozen(made.list[0]));
    })
    .end("call");
  await using opened = openEngine();
  const run = await opened.engine.start(calling, {});
  await succeed(run, opened.clock);
  assert.deepEqual(JSON.stringify(seen), '[{"list":[{"deep":true}],"when":0}]');
  const entries = (await eventsOfRun(opened.engine, run.runId)).filter(({ type }) => type === "io.succeeded");
  assert.equal(entries.length, 1);
  await opened.engine.replay(run.runId, calling, { strict: true });
  assert.equal(JSON.stringify(seen[1]), JSON.stringify(seen[0]), "a replay gives the same value");
});

test("equal calls of a step are told apart by their number, parallel ones by the order in which they begin", async () => {
  let calls = 0;
  const counting = workflow("counting", { version: "1", state: { log: append<number>() } })
    .start("call", async (_state, ctx) => {
      const call = (): Promise<number> => ctx.io("next", null, () => ++calls);
      return { log: [...(await Promise.all([call(), call(), call()])), await call()] };
    })
    .end("call");
  await using opened = openEngine();
  const run = await opened.engine.start(counting, {});
  assert.deepEqual(await succeed(run, opened.clock), { log: [1, 2, 3, 4] });
  assert.equal((await opened.engine.replay(run.runId, counting)).matches, true);
  const entries = (await eventsOfRun(opened.engine, run.runId)).filter(({ type }) => type === "io.succeeded");
  assert.deepEqual(
    entries.map(({ data }) => (data as { nth: number }).nth),
    [0, 1, 2, 3],
  );
  assert.equal(calls, 4);
});

test("calls made in parallel lines of one step give the same state, and replay, in whichever order they end", async () => {
  const points = new Points();
  const lines = workflow("lines", { version: "1", state: { log: append<string>() } })
    .start("call", async (_state, ctx) => {
      const line = async (name: string): Promise<string[]> => {
        const results: string[] = [];
        for (const step of [0, 1, 2]) {
          const call = async (): Promise<string> => {
            await points.at(`${name}${step}`);
            return `${name}${step}`;
          };
          results.push(await ctx.io(`${name}${step}`, null, call));
        }
        return results;
      };
      return { log: (await Promise.all([line("a"), line("b"), line("c")])).flat() };
    })
    .end("call");
  const orders = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    await using opened = openEngine();
    const scheduler = new SeededScheduler(String(seed), { clock: opened.clock });
    points.current = scheduler;
    const run = await opened.engine.start(lines, {});
    await scheduler.drive(run.settled());
    points.current = undefined;
    const { log } = await run.result();
    assert.deepEqual(log, ["a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2"], `seed ${seed}`);
    assert.equal((await opened.engine.replay(run.runId, lines)).matches, true, `seed ${seed}`);
    orders.add(scheduler.released.join(" "));
  }
  assert.ok(orders.size > 10, `${orders.size} orders`);
});
