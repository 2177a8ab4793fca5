import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupt, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed, turns } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

test("an attempt whose outside call never settles is tried again after its timeout", async () => {
  await using held = openEngine();
  let calls = 0;
  const hanging = workflow("hanging", { version: "1", state: { done: value(0) } })
    .start(
      "call",
      async (_state, ctx) => ({
        done: await ctx.io("fetch", null, () =>
          ++calls === 1 ? new Promise<number>(() => undefined) : Promise.resolve(calls),
        ),
      }),
      { timeoutMs: 1_000, retry: { attemptsMax: 2, backoffMs: 0 } },
    )
    .end("call");
  const run = await held.engine.start(hanging, {});
  assert.deepEqual(await succeed(run, held.clock), { done: 2 });
});

test("a call that ends while its step waits for the next attempt does not start that attempt twice", async () => {
  await using held = openEngine({ limits: { maxConcurrent: 1 } });
  const slow = gate();
  let executions = 0;
  const flow = workflow("flow", { version: "1", state: { done: value(0), after: value(0) } })
    .start(
      "both",
      async (_state, ctx) => {
        executions++;
        await Promise.all([
          ctx.io("bad", executions, () => {
            if (executions === 1) throw new Error("no");
            return new Promise<number>((resolve) => held.clock.setTimer(500, () => resolve(1)));
          }),
          ctx.io("slow", null, () => slow.opened),
        ]);
        return { done: executions };
      },
      { retry: { attemptsMax: 2, backoffMs: 100, jitter: 0 } },
    )
    .node("after", { after: "both" }, async (_state, ctx) => ({ after: await ctx.io("one", 1, () => 1) }))
    .end("after");
  const run = await held.engine.start(flow, {});
  await turns();
  slow.open();
  await turns();
  assert.deepEqual(await succeed(run, held.clock), { done: 2, after: 1 });
  assert.equal(executions, 2);
});

test("a question that loses a race against a deadline leaves nothing that holds the run", async () => {
  await using held = openEngine();
  const flow = workflow("flow", { version: "1", state: { answer: value(""), second: value("") } })
    .start("first", async (_state, ctx) => ({
      answer: await Promise.race([
        ctx.interrupt(ask, "first?"),
        ctx.sleep("deadline", 1_000).then(() => "nobody"),
      ]),
    }))
    .node("second", { after: "first" }, async (_state, ctx) => ({
      second: await ctx.interrupt(ask, "second?"),
    }))
    .end("second");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.answer(run.runId, "1.second#ask[0]", "me");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { answer: "nobody", second: "me" });
  const report = await held.engine.replay(run.runId, flow);
  assert.deepEqual(report.divergence, undefined);
});

test("a step that fails beside its own open question forgets the question", async () => {
  await using held = openEngine();
  let executions = 0;
  const flow = workflow("flow", { version: "1", state: { answer: value("") } })
    .start(
      "step",
      async (_state, ctx) => {
        executions++;
        const bad = async (): Promise<void> => {
          await ctx.io("check", executions, () => {
            if (executions === 1) throw new Error("not yet");
          });
        };
        const [answer] = await Promise.all([ctx.interrupt(ask, "?"), bad()]);
        return { answer };
      },
      { retry: { attemptsMax: 2, backoffMs: 1_000, jitter: 0 } },
    )
    .end("step");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { answer: "yes" });
});

test("a question that an attempt asked and failed beside can be answered", async () => {
  await using held = openEngine();
  const flow = workflow("flow", { version: "1", state: { answer: value("") } })
    .start(
      "step",
      async (_state, ctx) => {
        const asked = ctx.interrupt(ask, "?");
        if (ctx.attempt === 1) throw new Error("not yet");
        return { answer: await asked };
      },
      { retry: { attemptsMax: 2, backoffMs: 0 } },
    )
    .end("step");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { answer: "yes" });
});

test("calls that overlap keep their places in the journal when the step is executed again", async () => {
  await using held = openEngine();
  const first = gate();
  let crossed = false;
  const flow = workflow("flow", { version: "1", state: { all: value<number[]>([]) } })
    .start("step", async (_state, ctx) => {
      const left = async (): Promise<number> => {
        await ctx.io("a", null, () => first.opened);
        return ctx.io("b", null, () => (crossed ? 1 : new Promise<number>(() => undefined)));
      };
      const right = async (): Promise<number> => {
        await ctx.io("c", null, () => 2);
        await ctx.io("d", null, () => 3);
        return ctx.io("e", null, () => (crossed ? 4 : new Promise<number>(() => undefined)));
      };
      return { all: await Promise.all([left(), right()]) };
    })
    .end("step");
  const run = await held.engine.start(flow, {});
  await turns();
  first.open();
  await turns();
  await run.park();
  crossed = true;
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { all: [1, 4] });
  const indexes: number[] = [];
  for await (const event of held.engine.events(run.runId))
    if (event.type === "io.succeeded") indexes.push((event.data as { index: number }).index);
  assert.deepEqual(indexes.sort(), [0, 1, 2, 3, 4]);
});

test("what a call gives after its step has ended is no part of the record", async () => {
  await using held = openEngine();
  const late = gate();
  const flow = workflow("flow", { version: "1", state: { winner: value(""), end: value("") } })
    .start("race", async (_state, ctx) => ({
      winner: await Promise.race([
        ctx.io("slow", null, () => late.opened.then(() => "slow")),
        ctx.io("fast", null, () => "fast"),
      ]),
    }))
    .node("end", { after: "race" }, async (_state, ctx) => {
      late.open();
      await ctx.sleep("a while", 10);
      return { end: "yes" };
    })
    .end("end");
  const run = await held.engine.start(flow, {});
  assert.deepEqual(await succeed(run, held.clock), { winner: "fast", end: "yes" });
  const names: unknown[] = [];
  for await (const event of held.engine.events(run.runId))
    if (event.type === "io.succeeded") names.push((event.data as { name: string }).name);
  assert.deepEqual(names, ["fast"]);
  const report = await held.engine.replay(run.runId, flow);
  assert.deepEqual(report.divergence, undefined);
});
