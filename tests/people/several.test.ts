import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AnswerConflictError,
  append,
  InterruptNotFoundError,
  interrupt,
  nested,
  type StandardSchema,
  ValidationError,
  workflow,
} from "@agentflow/core";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { settle, succeed } from "../determinism/settle.ts";

const upper: StandardSchema<unknown, string> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "string" ? { value: value.toUpperCase() } : { issues: [{ message: "is no text" }] },
  },
};
const ask = interrupt<string, string>("ask", { answer: upper });

/** Asks twice in one node at once, in the items of a map, and in a nested workflow; counts the effects in front. */
function questions() {
  const effects = new Map<string, number>();
  const effect = (name: string) => () => void effects.set(name, (effects.get(name) ?? 0) + 1);
  const inner = workflow("inner", { version: "1", state: { said: append<string>() } })
    .start("deep", async (_state, ctx) => {
      await ctx.io("prepare", null, effect("deep"), { effect: true });
      return { said: [await ctx.interrupt(ask, "deep")] };
    })
    .end("deep");
  const flow = workflow("flow", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node("both", { after: "open" }, async (_state, ctx) => {
      await ctx.io("prepare", null, effect("both"), { effect: true });
      const said = await Promise.all([ctx.interrupt(ask, "left"), ctx.interrupt(ask, "right")]);
      await ctx.io("finish", null, effect("both done"), { effect: true });
      return { said };
    })
    .map("each", { after: "open", over: () => ["a", "b"] }, async (item: string, ctx) => {
      await ctx.io("prepare", item, effect(item), { effect: true });
      return { said: [await ctx.interrupt(ask, item)] };
    })
    .node(
      "nest",
      { after: "open" },
      nested(inner, { input: () => ({}), output: ({ said }) => ({ said: [...said] }) }),
    )
    .node("shut", { after: ["both", "each", "nest"] }, () => ({}))
    .end("shut");
  return { flow, effects };
}

const ids = [
  "1.both#ask[0]",
  "1.both#ask[1]",
  "1.each[0]#ask[0]",
  "1.each[1]#ask[0]",
  "1.nest/0.deep#ask[0]",
];

async function waitingRun(held: OpenedEngine) {
  const { flow, effects } = questions();
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  return { flow, effects, runId: run.runId };
}

test("several interrupts in one node, in parallel steps and in a nested workflow are answered by a map, and what went before is not done again (ENG-40)", async () => {
  await using held = openEngine();
  const { flow, effects, runId } = await waitingRun(held);
  const open = await held.engine.approvals({ runId });
  assert.deepEqual(open.map(({ id }) => id).sort(), ids);
  assert.deepEqual(open.find(({ id }) => id === ids[4])?.stepId, "1.nest/0.deep");
  await held.engine.answer(runId, Object.fromEntries(ids.map((id, index) => [id, `said ${index}`])), {
    by: "ada",
  });
  const run = await held.engine.resume(runId, flow);
  const { said } = await succeed(run, held.clock);
  assert.deepEqual(said, ["SAID 0", "SAID 1", "SAID 2", "SAID 3", "SAID 4"]);
  const once = [
    ["both", 1],
    ["a", 1],
    ["b", 1],
    ["deep", 1],
    ["both done", 1],
  ];
  assert.deepEqual([...effects].sort(), once.sort());
  assert.equal((await held.engine.replay(runId, flow)).matches, true);
});

test("one by one, over as many processes, the answers come to the same, and every effect happens once", async () => {
  const first = openEngine();
  const { flow, effects, runId } = await waitingRun(first);
  await first.engine.close();
  let said: readonly string[] = [];
  for (const [index, id] of [...ids].reverse().entries()) {
    await using held = openEngine({ backend: first.backend, host: { pid: 5_000 + index } });
    await held.engine.answer(runId, id, `said ${ids.indexOf(id)}`);
    const run = await held.engine.resume(runId, flow);
    const outcome = await settle(run, held.clock);
    if (outcome.status === "succeeded") said = (await run.result()).said;
  }
  assert.deepEqual(said, ["SAID 0", "SAID 1", "SAID 2", "SAID 3", "SAID 4"]);
  assert.deepEqual([...effects.values()], [1, 1, 1, 1, 1]);
});

test("of answers in a map none is stored if one is wrong, unknown or late", async () => {
  await using held = openEngine();
  const { runId } = await waitingRun(held);
  const stored = () => held.backend.inbox.read("default", runId, 0);
  const { engine } = held;
  await assert.rejects(
    engine.answer(runId, { [ids[0] as string]: "good", [ids[1] as string]: 7 }),
    (error) => {
      assert.ok(error instanceof ValidationError);
      assert.match(error.message, /1\.both#ask\[1\]: is no text/);
      return true;
    },
  );
  await assert.rejects(
    engine.answer(runId, { [ids[0] as string]: "good", "1.both#ask[9]": "x" }),
    InterruptNotFoundError,
  );
  await assert.rejects(engine.answer(runId, {}), ValidationError);
  assert.deepEqual(await stored(), []);
  await engine.answer(runId, ids[1] as string, "first");
  await assert.rejects(
    engine.answer(runId, { [ids[0] as string]: "good", [ids[1] as string]: "second" }),
    AnswerConflictError,
  );
  assert.equal((await stored()).length, 1);
});

test("a run that has ended takes no answer", async () => {
  await using held = openEngine();
  const { flow, runId } = await waitingRun(held);
  await held.engine.request(runId, "cancel");
  const run = await held.engine.resume(runId, flow);
  assert.equal((await settle(run, held.clock)).status, "cancelled");
  assert.deepEqual(await held.engine.approvals(), []);
  await assert.rejects(held.engine.answer(runId, ids[0] as string, "late"), InterruptNotFoundError);
});
