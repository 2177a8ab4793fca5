import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AnswerConflictError,
  append,
  goto,
  InterruptedError,
  interrupt,
  nested,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import type { Run } from "@agentflow/engine";
import { type OpenedEngine, openEngine } from "./open-engine.ts";
import { eventsOfRun } from "./recorded-run.ts";
import { settle, succeed, turns } from "./settle.ts";

const state = { log: append<string>(), count: sum() };
const ask = interrupt<string, string>("ask");

/** Goes on with a run in a process of its own, days later, and lets it come to rest there. */
async function later<State extends object>(
  first: OpenedEngine,
  runId: string,
  graph: Workflow,
  answers: Readonly<Record<string, string>>,
): Promise<{ opened: OpenedEngine; run: Run<State> }> {
  await first.engine.close();
  const opened = openEngine({
    backend: first.backend,
    host: { pid: 1 + Math.floor(first.clock.now() / 1_000) },
  });
  opened.clock.advance(first.clock.now() - opened.clock.now() + 86_400_000);
  for (const [id, answer] of Object.entries(answers))
    await opened.engine.answer(runId, id, answer, { by: "ada" });
  const run = (await opened.engine.resume(runId, graph)) as unknown as Run<State>;
  await settle(run, opened.clock);
  return { opened, run };
}

test("an interrupt parks the run, and its answer is given to the step in another process, its calls made once", async () => {
  let calls = 0;
  const graph = workflow("one", { version: "1", state })
    .start("approve", async (_state, ctx) => {
      const draft = await ctx.io("draft", null, () => `draft ${++calls}`);
      try {
        return { log: [await ctx.interrupt(ask, draft)] };
      } catch {
        return { log: ["parking was thrown through user code"] };
      }
    })
    .end("approve");
  const first = openEngine();
  const run = await first.engine.start(graph, {});
  const outcome = await settle(run, first.clock);
  assert.deepEqual(outcome, { status: "waiting", steps: ["0.approve"] });
  await assert.rejects(run.result(), InterruptedError);
  const { opened, run: resumed } = await later<{ log: string[] }>(
    first,
    run.runId,
    graph as unknown as Workflow,
    {
      "0.approve#ask[0]": "yes",
    },
  );
  assert.deepEqual((await resumed.result()).log, ["yes"]);
  assert.equal(calls, 1);
  const types = (await eventsOfRun(opened.engine, run.runId)).map(({ type }) => type);
  assert.deepEqual(
    types.filter((type) => type.startsWith("interrupt.")),
    ["interrupt.requested", "interrupt.answered"],
  );
  assert.equal((await opened.engine.replay(run.runId, graph as unknown as Workflow)).matches, true);
  await opened.engine.close();
});

test("a step may ask several times; each question has an id of its own and is asked once", async () => {
  const graph = workflow("several", { version: "1", state })
    .start("talk", async (_state, ctx) => {
      const first = await ctx.interrupt(ask, "one");
      const second = await ctx.interrupt(ask, "two");
      return { log: [first, second] };
    })
    .end("talk") as unknown as Workflow;
  const first = openEngine();
  const { runId } = await first.engine.start(graph, {});
  await settle(await first.engine.resume(runId, graph), first.clock);
  const second = await later(first, runId, graph, { "0.talk#ask[0]": "a" });
  assert.equal((await second.run.settled()).status, "waiting");
  const third = await later<{ log: string[] }>(second.opened, runId, graph, { "0.talk#ask[1]": "b" });
  assert.deepEqual((await third.run.result()).log, ["a", "b"]);
  const asked = (await eventsOfRun(third.opened.engine, runId)).filter(
    ({ type }) => type === "interrupt.requested",
  );
  assert.deepEqual(
    asked.map(({ data }) => (data as { value: string }).value),
    ["one", "two"],
  );
  await third.opened.engine.close();
});

test("parallel steps ask at the same time; each goes on with its own answer, in any order", async () => {
  const graph = workflow("parallel", { version: "1", state })
    .start("begin", () => ({}))
    .map("each", { after: "begin", over: () => ["x", "y", "z"] }, async (item, ctx) => ({
      log: [`${item} ${await ctx.interrupt(ask, item)}`],
    }))
    .end("each") as unknown as Workflow;
  const first = openEngine({ limits: { maxConcurrent: 1, queueDepth: 1 } });
  const { runId } = await first.engine.start(graph, {});
  const waiting = await settle(await first.engine.resume(runId, graph), first.clock);
  assert.deepEqual(waiting, { status: "waiting", steps: ["1.each[0]", "1.each[1]", "1.each[2]"] });
  const second = await later(first, runId, graph, { "1.each[2]#ask[0]": "third" });
  assert.deepEqual(await second.run.settled(), { status: "waiting", steps: ["1.each[0]", "1.each[1]"] });
  const third = await later<{ log: string[] }>(second.opened, runId, graph, {
    "1.each[1]#ask[0]": "second",
    "1.each[0]#ask[0]": "first",
  });
  assert.deepEqual((await third.run.result()).log, ["x first", "y second", "z third"]);
  await third.opened.engine.close();
});

test("a step inside nested workflows asks under its whole path", async () => {
  const child = workflow("child", { version: "1", state: { answer: value("") } })
    .start("ask", async (_state, ctx) => ({ answer: await ctx.interrupt(ask, "deep") }))
    .end("ask");
  const middle = workflow("middle", { version: "1", state: { answer: value("") } })
    .start("nest", nested(child, { input: () => ({}), output: ({ answer }) => ({ answer }) }))
    .end("nest");
  const graph = workflow("outer", { version: "1", state })
    .start("begin", () => ({}))
    .node(
      "nest",
      { after: "begin" },
      nested(middle, { input: () => ({}), output: ({ answer }) => ({ log: [answer] }) }),
    )
    .node("beside", { after: "begin" }, () => ({ log: ["beside"] }))
    .end("nest", "beside") as unknown as Workflow;
  const first = openEngine({ limits: { maxConcurrent: 1 } });
  const { runId } = await first.engine.start(graph, {});
  const waiting = await settle(await first.engine.resume(runId, graph), first.clock);
  assert.deepEqual(waiting, { status: "waiting", steps: ["1.nest/0.nest/0.ask"] });
  const { opened, run } = await later<{ log: string[] }>(first, runId, graph, {
    "1.nest/0.nest/0.ask#ask[0]": "yes",
  });
  assert.deepEqual((await run.result()).log, ["yes", "beside"]);
  await opened.engine.close();
});

test("a second answer gets a typed error that names who answered, and the first one counts", async () => {
  const graph = workflow("twice", { version: "1", state })
    .start("ask", async (_state, ctx) => ({ log: [await ctx.interrupt(ask, "?")] }))
    .end("ask");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  await settle(run, opened.clock);
  await opened.engine.answer(run.runId, "0.ask#ask[0]", "first", { by: "ada" });
  await assert.rejects(opened.engine.answer(run.runId, "0.ask#ask[0]", "second", { by: "bob" }), (error) => {
    assert.ok(error instanceof AnswerConflictError);
    assert.equal(error.context["by"], "ada");
    return true;
  });
  const resumed = await opened.engine.resume(run.runId, graph);
  assert.deepEqual((await succeed(resumed, opened.clock)).log, ["first"]);
});

test("a parked step holds no slot, and an answer given while others run lets it go on at once", async () => {
  const graph = workflow("slots", { version: "1", state })
    .start("begin", () => ({}))
    .node("asks", { after: "begin" }, async (_state, ctx) => ({ log: [await ctx.interrupt(ask, "?")] }))
    .node("works", { after: "begin" }, async (_state, ctx) => {
      // Only a question that is durable can be answered.
      await turns();
      await opened.engine.answer(ctx.runId, "1.asks#ask[0]", "yes");
      return { log: ["worked"] };
    })
    .end("asks", "works");
  await using opened = openEngine({ limits: { maxConcurrent: 1 } });
  const { log } = await succeed(await opened.engine.start(graph, {}), opened.clock);
  assert.deepEqual(log, ["yes", "worked"]);
});

test("a sleep ends at its time, is not slept again after a restart, and several run at the same time", async () => {
  const graph = workflow("naps", { version: "1", state })
    .start("begin", () => ({}))
    .map("nap", { after: "begin", over: () => [300, 100, 200] }, async (ms, ctx) => {
      const began = ctx.now();
      await ctx.sleep("nap", ms);
      return { log: [`${ms} ${ctx.now() - began >= ms}`] };
    })
    .end("nap") as unknown as Workflow;
  await using quick = openEngine({ limits: { maxConcurrent: 1 } });
  const begun = quick.clock.monotonic();
  const run = await quick.engine.start(graph, {});
  const { log } = (await succeed(run, quick.clock)) as { log: string[] };
  assert.deepEqual(log, ["300 true", "100 true", "200 true"]);
  assert.equal(quick.clock.monotonic() - begun, 300, "the naps overlap");
  const first = openEngine();
  const { runId } = await first.engine.start(graph, {});
  await first.clock.advanceAsync(150);
  const { opened, run: resumed } = await later<{ log: string[] }>(first, runId, graph, {});
  assert.deepEqual((await resumed.result()).log, log);
  assert.equal(
    (await eventsOfRun(opened.engine, runId)).filter(({ type }) => type === "timer.set").length,
    3,
  );
  await opened.engine.close();
});

test("signals are kept, taken once each and in order, by whichever step waits", async () => {
  const graph = workflow("signals", { version: "1", state })
    .start("first", async (_state, ctx) => ({ log: [await ctx.waitFor<string>("news")] }))
    .node("second", { after: "first" }, async (_state, ctx) => ({
      log: [await ctx.waitFor<string>("news"), await ctx.waitFor<string>("news")],
    }))
    .end("second") as unknown as Workflow;
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  assert.equal((await settle(run, opened.clock)).status, "waiting");
  for (const text of ["one", "two"]) await opened.engine.signal(run.runId, "news", text);
  await opened.engine.signal(run.runId, "other", "not for us");
  const second = await opened.engine.resume(run.runId, graph);
  assert.deepEqual(await settle(second, opened.clock), { status: "waiting", steps: ["1.second"] });
  const third = await later<{ log: string[] }>(opened, run.runId, graph, {});
  assert.equal((await third.run.settled()).status, "waiting", "no signal is taken twice");
  await third.opened.engine.signal(run.runId, "news", "three");
  const last = await third.opened.engine.resume(run.runId, graph);
  assert.deepEqual(((await succeed(last, third.opened.clock)) as { log: string[] }).log, [
    "one",
    "two",
    "three",
  ]);
  assert.equal((await third.opened.engine.replay(run.runId, graph)).matches, true);
  await third.opened.engine.close();
});

test("an interrupt in a loop is asked anew in each round", async () => {
  const graph = workflow("rounds", { version: "1", state })
    .start("write", () => ({ count: 1 }))
    .node("review", { after: "write", goto: ["write"] }, async ({ count }, ctx) => {
      const answer = await ctx.interrupt(ask, `draft ${count}`);
      return answer === "again" ? goto("write", { log: [answer] }) : { log: [answer] };
    })
    .end("review") as unknown as Workflow;
  const first = openEngine();
  const { runId } = await first.engine.start(graph, {});
  await settle(await first.engine.resume(runId, graph), first.clock);
  const second = await later(first, runId, graph, { "1.review#ask[0]": "again" });
  assert.deepEqual(await second.run.settled(), { status: "waiting", steps: ["3.review"] });
  const third = await later<{ log: string[] }>(second.opened, runId, graph, { "3.review#ask[0]": "good" });
  assert.deepEqual(await third.run.result(), { log: ["again", "good"], count: 2 });
  await third.opened.engine.close();
});
