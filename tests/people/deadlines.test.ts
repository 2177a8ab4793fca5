import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AnswerConflictError,
  append,
  DeadlineExceededError,
  type InterruptOptions,
  interrupt,
  ValidationError,
  value,
  type WaitOptions,
  workflow,
} from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { eventsOfRun } from "../determinism/recorded-run.ts";
import { settle, succeed, turns } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");
const id = "0.step#ask[0]";
const hour = 3_600_000;

function asking(options: InterruptOptions<string>) {
  return workflow("asking", { version: "1", state: { said: value("") } })
    .start("step", async (_state, ctx) => ({ said: await ctx.interrupt(ask, "?", options) }))
    .end("step");
}

function waiting(options: WaitOptions<string>) {
  return workflow("waiting", { version: "1", state: { said: append<string>() } })
    .start("step", async (_state, ctx) => ({ said: [await ctx.waitFor<string>("news", options)] }))
    .node("next", { after: "step" }, async (_state, ctx) => ({ said: [await ctx.waitFor<string>("news")] }))
    .end("next");
}

test("after its deadline an interrupt takes its default once, in any process, and the replay does too (ENG-40)", async () => {
  await using held = openEngine();
  const flow = asking({ deadlineMs: hour, default: "nobody" });
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  const asked = held.clock.now();
  const [approval] = await held.engine.approvals();
  assert.equal(approval?.deadline, asked + hour);
  assert.equal((await held.backend.runs.readHead("default", run.runId))?.wakeAt, asked + hour);

  // Gone on with before its time, it waits for the rest only.
  held.clock.advance(hour - 1_000);
  await settle(await held.engine.resume(run.runId, flow), held.clock);
  assert.equal((await held.engine.approvals())[0]?.deadline, asked + hour);
  held.clock.advance(1_000);
  const last = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(last, held.clock), { said: "nobody" });
  assert.equal((await held.engine.replay(run.runId, flow)).matches, true);
  await assert.rejects(held.engine.answer(run.runId, id, "late"), (error) => {
    assert.ok(error instanceof AnswerConflictError);
    assert.match(error.message, /not answered before its deadline/);
    return true;
  });
});

test("an answer before the deadline counts, also if the run hears of it only after", async () => {
  await using held = openEngine();
  const flow = asking({ deadlineAt: held.clock.now() + hour, default: "nobody" });
  const run = await held.engine.start(flow, {});
  await settle(run, held.clock);
  await held.engine.answer(run.runId, id, "ada");
  held.clock.advance(2 * hour);
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { said: "ada" });
});

test("an answer that is stored while the deadline passes is the one that counts", async () => {
  await using held = openEngine();
  const flow = asking({ deadlineMs: hour, default: "nobody" });
  const run = await held.engine.start(flow, {});
  await settle(run, held.clock);
  held.clock.advance(hour);
  const { inbox } = held.backend;
  const put = inbox.put.bind(inbox);
  inbox.put = async (request) => {
    inbox.put = put;
    // Somebody is faster by a moment than the process that finds the deadline passed.
    await put({ ...request, row: { ...request.row, by: "ada", value: '"ada"' } });
    return put(request);
  };
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { said: "ada" });
});

test("a deadline without a default is an error that the node may catch (S13)", async () => {
  await using held = openEngine();
  const flow = workflow("caught", { version: "1", state: { said: append<string>() } })
    .start("step", async (_state, ctx) => {
      try {
        return { said: [await ctx.interrupt(ask, "?", { deadlineMs: 0 })] };
      } catch (error) {
        assert.ok(error instanceof DeadlineExceededError);
        return { said: [error.code] };
      }
    })
    .end("step");
  const run = await held.engine.start(flow, {});
  await settle(run, held.clock);
  held.clock.advance(1);
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { said: ["AF_DEADLINE"] });
  assert.equal((await held.engine.replay(run.runId, flow)).matches, true);
});

test("a deadline passes in the process that keeps the run for a sleep beside it", async () => {
  await using held = openEngine();
  const flow = workflow("beside", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node("ask", { after: "open" }, async (_state, ctx) => ({
      said: [await ctx.interrupt(ask, "?", { deadlineMs: hour, default: "nobody" })],
    }))
    .node("nap", { after: "open" }, async (_state, ctx) => {
      await ctx.sleep("nap", 2 * hour);
      return { said: ["slept"] };
    })
    .node("shut", { after: ["ask", "nap"] }, () => ({}))
    .end("shut");
  const run = await held.engine.start(flow, {});
  await turns();
  await held.clock.advanceAsync(hour);
  await turns();
  const answered = (await eventsOfRun(held.engine, run.runId)).find(
    ({ type }) => type === "interrupt.answered",
  );
  assert.deepEqual(answered?.data?.["value"], { expired: true, value: "nobody" });
  assert.deepEqual(await succeed(run, held.clock), { said: ["nobody", "slept"] });
});

test("waiting for an event ends with its default or an error, and an event that comes later is there for the next", async () => {
  for (const [options, first] of [
    [{ timeoutMs: hour, default: "none" }, "none"],
    [{ timeoutMs: hour }, undefined],
  ] as const) {
    await using held = openEngine();
    const flow = waiting(options);
    const run = await held.engine.start(flow, {});
    assert.equal((await settle(run, held.clock)).status, "waiting");
    held.clock.advance(hour);
    const outcome = await settle(await held.engine.resume(run.runId, flow), held.clock);
    if (first === undefined) {
      assert.ok(outcome.status === "failed");
      assert.match(JSON.stringify(outcome.failure), /AF_DEADLINE/);
      continue;
    }
    assert.equal(outcome.status, "waiting");
    await held.engine.signal(run.runId, "news", "late");
    const again = await held.engine.resume(run.runId, flow);
    assert.deepEqual(await succeed(again, held.clock), { said: [first, "late"] });
    assert.equal((await held.engine.replay(run.runId, flow)).matches, true);
  }
});

test("an event in time is taken, whatever the timeout", async () => {
  await using held = openEngine();
  const flow = waiting({ timeoutMs: hour, default: "none" });
  const run = await held.engine.start(flow, {});
  await settle(run, held.clock);
  await held.engine.signal(run.runId, "news", "first");
  await held.engine.signal(run.runId, "news", "second");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { said: ["first", "second"] });
});

test("an event in time is taken, also if the run hears of it only after its timeout", async () => {
  await using held = openEngine();
  const flow = waiting({ timeoutMs: hour, default: "none" });
  const run = await held.engine.start(flow, {});
  await settle(run, held.clock);
  await held.engine.signal(run.runId, "news", "first");
  held.clock.advance(2 * hour);
  const again = await held.engine.resume(run.runId, flow);
  assert.equal((await settle(again, held.clock)).status, "waiting");
  await held.engine.signal(run.runId, "news", "second");
  const last = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(last, held.clock), { said: ["first", "second"] });
});

const wrongs: readonly (readonly [string, InterruptOptions<string>])[] = [
  ["a negative time", { deadlineMs: -1 }],
  ["no number", { deadlineMs: Number.NaN }],
  ["more than a hundred years", { deadlineMs: 1e15 }],
  ["two deadlines", { deadlineMs: 1, deadlineAt: 1 }],
  ["a time that no date has", { deadlineAt: 1e16 }],
  ["a default for no deadline", { default: "x" }],
];
for (const [what, options] of wrongs) {
  test(`${what} as a deadline is refused with the reason`, async () => {
    await using held = openEngine();
    const flow = workflow("wrong", { version: "1", state: { code: value("") } })
      .start("step", async (_state, ctx) => {
        const error = await ctx.interrupt(ask, "?", options).catch((caught: unknown) => caught);
        assert.ok(error instanceof ValidationError);
        return { code: error.code };
      })
      .end("step");
    const run = await held.engine.start(flow, {});
    assert.deepEqual(await succeed(run, held.clock), { code: "AF_ARGUMENT_INVALID" });
  });
}

test("nobody may answer in the name of the engine", async () => {
  await using held = openEngine();
  const run = await held.engine.start(asking({}), {});
  await settle(run, held.clock);
  await assert.rejects(
    held.engine.answer(run.runId, id, "x", { by: "agentflow:deadline" }),
    (error) => error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID",
  );
});
