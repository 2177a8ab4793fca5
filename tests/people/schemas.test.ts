import assert from "node:assert/strict";
import { test } from "node:test";
import { append, interrupt, type StandardSchema, ValidationError, value, workflow } from "@agentflow/core";
import { z } from "zod";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { eventsOfRun } from "../determinism/recorded-run.ts";
import { fail, settle, succeed, turns } from "../determinism/settle.ts";

const Draft = z.object({ text: z.string().min(1) });
const Decision = z.object({ ok: z.boolean(), on: z.iso.date().transform((text) => text.slice(0, 4)) });
const approve = interrupt("approve", { ask: Draft, answer: Decision });
const id = "0.review#approve[0]";
const right = { ok: true, on: "2031-05-01" };

function review(text = "Tides turn.") {
  const calls = { count: 0 };
  const built = workflow("review", { version: "1", state: { year: value(""), made: append<number>() } })
    .start("review", async (_state, ctx) => {
      const made = await ctx.io("draft", text, () => ++calls.count, { effect: true });
      const { ok, on } = await ctx.interrupt(approve, { text });
      return { year: ok ? on : "", made: [made] };
    })
    .end("review");
  return { built, calls };
}

/** Another process on the same store: it has not asked, and so does not know the schema. */
function stranger({ backend }: OpenedEngine) {
  return openEngine({ backend, host: { pid: 4_711 } });
}

test("what an interrupt asks is checked when it is raised, and its node fails (ENG-40)", async () => {
  await using held = openEngine();
  const { built } = review("");
  const { failure } = await fail(await held.engine.start(built, {}), held.clock);
  const codes = [];
  for (let cause: typeof failure | undefined = failure; cause !== undefined; cause = cause.cause)
    codes.push(cause.code);
  assert.equal(codes.at(-1), "AF_ASK_INVALID");
});

test("a node may catch that what it asks is wrong, and its replay does the same (S25)", async () => {
  await using held = openEngine();
  const built = workflow("mended", { version: "1", state: { said: append<string>() } })
    .start("ask", async (_state, ctx) => {
      const wrong = await ctx.interrupt(approve, { text: "" }).catch((error: unknown) => error);
      assert.ok(wrong instanceof ValidationError);
      const { on } = await ctx.interrupt(approve, { text: "mended" });
      return { said: [wrong.code, on] };
    })
    .end("ask");
  const run = await held.engine.start(built, {});
  await settle(run, held.clock);
  await held.engine.answer(run.runId, "0.ask#approve[1]", right);
  const again = await held.engine.resume(run.runId, built);
  assert.deepEqual(await succeed(again, held.clock), { said: ["AF_ASK_INVALID", "2031"] });
  assert.equal((await held.engine.replay(run.runId, built)).matches, true);
});

test("a wrong answer is refused when it is given, in the schema's words, and leaves no trace", async () => {
  await using held = openEngine();
  const { built, calls } = review();
  const run = await held.engine.start(built, {});
  await settle(run, held.clock);
  await assert.rejects(held.engine.answer(run.runId, id, { ok: "yes", on: "2031-05-01" }), (error) => {
    assert.ok(error instanceof ValidationError);
    assert.equal(error.code, "AF_ANSWER_INVALID");
    assert.match(error.message, /0\.review#approve\[0\]: ok: .*boolean/);
    return true;
  });
  assert.deepEqual(await held.backend.inbox.read("default", run.runId, 0), []);
  await held.engine.answer(run.runId, id, right);
  const again = await held.engine.resume(run.runId, built);
  assert.deepEqual(await succeed(again, held.clock), { year: "2031", made: [1] });
  assert.equal(calls.count, 1);
});

test("an answer that nobody could check when it was given is refused by who goes on with the run, and the next one counts", async () => {
  await using held = openEngine();
  const { built, calls } = review();
  const run = await held.engine.start(built, {});
  await settle(run, held.clock);
  await using other = stranger(held);
  await other.engine.answer(run.runId, id, "nonsense", { by: "bob" });
  assert.deepEqual(await other.engine.approvals(), []);

  const second = await held.engine.resume(run.runId, built);
  assert.deepEqual(await settle(second, held.clock), { status: "waiting", steps: ["0.review"] });
  assert.deepEqual(
    (await other.engine.approvals()).map((approval) => approval.id),
    [id],
  );
  const refused = (await eventsOfRun(held.engine, run.runId)).find(
    ({ type }) => type === "interrupt.refused",
  );
  const told = refused?.data?.["value"] as { by: string; value: string; problems: string[] };
  assert.deepEqual([told.by, told.value, told.problems.length], ["bob", "nonsense", 1]);

  await other.engine.answer(run.runId, id, right, { by: "eve" });
  const third = await held.engine.resume(run.runId, built);
  assert.deepEqual(await succeed(third, held.clock), { year: "2031", made: [1] });
  assert.equal(calls.count, 1);
  assert.equal((await held.engine.replay(run.runId, built)).matches, true);
});

test("a run that goes on beside its question refuses a wrong answer from another process and takes the next", async () => {
  await using held = openEngine();
  const built = workflow("beside", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node("ask", { after: "open" }, async (_state, ctx) => ({
      said: [(await ctx.interrupt(approve, { text: "?" })).on],
    }))
    .node("nap", { after: "open" }, async (_state, ctx) => {
      await ctx.sleep("nap", 60_000);
      return {};
    })
    .node("shut", { after: ["ask", "nap"] }, () => ({}))
    .end("shut");
  const run = await held.engine.start(built, {});
  await turns();
  await using other = stranger(held);
  const asked = "1.ask#approve[0]";
  for (const answer of [1, null]) {
    await other.engine.answer(run.runId, asked, answer);
    for (let beats = 0; beats < 2; beats++) {
      held.clock.advance(2_000);
      await turns();
    }
    assert.equal((await other.engine.approvals()).length, 1);
  }
  await other.engine.answer(run.runId, asked, right);
  assert.deepEqual(await succeed(run, held.clock), { said: ["2031"] });
  const types = (await eventsOfRun(held.engine, run.runId)).map(({ type }) => type);
  assert.equal(types.filter((type) => type === "interrupt.refused").length, 2);
});

test("what a schema made of an answer is recorded: it is not asked again when the step is", async () => {
  await using held = openEngine();
  let asked = 0;
  const numbered: StandardSchema<unknown, number> = {
    "~standard": { version: 1, vendor: "test", validate: async () => ({ value: ++asked }) },
  };
  const question = interrupt<string, number>("question", { answer: numbered });
  const built = workflow("twice", { version: "1", state: { said: append<number>() } })
    .start("ask", async (_state, ctx) => ({
      said: [await ctx.interrupt(question, "first"), await ctx.interrupt(question, "second")],
    }))
    .end("ask");
  const run = await held.engine.start(built, {});
  await settle(run, held.clock);
  await using other = stranger(held);
  await other.engine.answer(run.runId, "0.ask#question[0]", "a");
  await settle(await other.engine.resume(run.runId, built), other.clock);
  await held.engine.answer(run.runId, "0.ask#question[1]", "b");
  const done = await held.engine.resume(run.runId, built);
  assert.deepEqual(await succeed(done, held.clock), { said: [1, 2] });
  assert.equal((await held.engine.replay(run.runId, built)).matches, true);
  assert.equal(asked, 2);
});
