import assert from "node:assert/strict";
import { test } from "node:test";
import { append, interrupt, nested, ValidationError, workflow } from "@agentflow/core";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { eventsOfRun } from "../determinism/recorded-run.ts";
import { settle, succeed } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

function counted() {
  const entered: string[] = [];
  const enter = (name: string) => () => {
    entered.push(name);
    return { said: [name] };
  };
  const inner = workflow("inner", { version: "1", state: { said: append<string>() } })
    .start("plan", enter("plan"))
    .node("act", { after: "plan" }, enter("act"))
    .end("act");
  const flow = workflow("flow", { version: "1", state: { said: append<string>() } })
    .start("draft", enter("draft"))
    .node(
      "check",
      { after: "draft" },
      nested(inner, { input: () => ({}), output: ({ said }) => ({ said: [...said] }) }),
    )
    .node("beside", { after: "draft" }, enter("beside"))
    .node("publish", { after: ["check", "beside"] }, enter("publish"))
    .end("publish");
  return { flow, entered };
}

/** Where the run paused: the data of its pauses, in order. */
async function pausesOf({ engine }: OpenedEngine, runId: string): Promise<unknown[]> {
  const events = await eventsOfRun(engine, runId);
  return events.flatMap(({ type, data }) =>
    type === "run.paused" ? [{ before: data?.["before"], after: data?.["after"] }] : [],
  );
}

test("a run pauses before a node and goes on when it is resumed, in another process too (ENG-40)", async () => {
  const held = openEngine();
  const { flow, entered } = counted();
  const run = await held.engine.start(flow, {}, { interruptBefore: ["publish"] });
  assert.equal((await settle(run, held.clock)).status, "paused");
  assert.ok(!entered.includes("publish"));
  await held.engine.close();
  await using other = openEngine({ backend: held.backend, host: { pid: 4_711 } });
  const again = await other.engine.resume(run.runId, flow, { interruptBefore: ["publish"] });
  const { said } = await succeed(again, other.clock);
  assert.deepEqual(said.at(-1), "publish");
  assert.equal(entered.length, 5, "every node ran once");
  assert.deepEqual(await pausesOf(other, run.runId), [{ before: ["2.publish"], after: undefined }]);
});

test("a run pauses after a node with its outcome committed, inside a nested workflow too", async () => {
  await using held = openEngine();
  const { flow, entered } = counted();
  const pauses = { interruptAfter: ["draft", "act"], interruptBefore: ["act"] };
  const run = await held.engine.start(flow, {}, pauses);
  assert.equal((await settle(run, held.clock)).status, "paused");
  assert.deepEqual(entered, ["draft"]);
  assert.deepEqual((await held.engine.inspect(run.runId)).state, { said: ["draft"] });
  let last = run;
  let resumed = 0;
  for (; resumed < 9 && (await settle(last, held.clock)).status === "paused"; resumed++)
    last = await held.engine.resume(run.runId, flow, pauses);
  const { said } = await last.result();
  assert.deepEqual([...said].sort(), ["act", "beside", "draft", "plan", "publish"]);
  assert.deepEqual((await pausesOf(held, run.runId)).slice(1), [
    { before: ["1.check/1.act"], after: undefined },
    { before: undefined, after: ["1.check/1.act"] },
  ]);
  assert.equal(resumed, 3);
});

test("without the lists a resumed run goes to its end; a run that only waits is not paused before what it has begun", async () => {
  await using held = openEngine();
  const flow = workflow("asks", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node("ask", { after: "open" }, async (_state, ctx) => ({ said: [await ctx.interrupt(ask, "?")] }))
    .end("ask");
  const pauses = { interruptBefore: ["ask"] };
  const run = await held.engine.start(flow, {}, pauses);
  assert.equal((await settle(run, held.clock)).status, "paused");
  const asked = await held.engine.resume(run.runId, flow, pauses);
  assert.equal((await settle(asked, held.clock)).status, "waiting");
  await held.engine.answer(run.runId, "1.ask#ask[0]", "yes");
  const last = await held.engine.resume(run.runId, flow, pauses);
  assert.deepEqual(await succeed(last, held.clock), { said: ["yes"] });
});

test("a pause at a node that is none is refused with the names there are", async () => {
  await using held = openEngine();
  const { flow } = counted();
  await assert.rejects(held.engine.start(flow, {}, { interruptBefore: ["publsh"] }), (error) => {
    assert.ok(error instanceof ValidationError);
    assert.match(`${error.message} ${error.hint}`, /publsh.*draft, check, plan, act, beside, publish/);
    return true;
  });
  assert.deepEqual(await held.backend.runs.listRuns({ tenant: "default", limit: 9 }), []);
});
