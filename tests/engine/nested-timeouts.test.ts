import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeProcesses } from "@agentflow/contracts";
import { append, interrupt, NodeTimeoutError, nested, type Workflow, workflow } from "@agentflow/core";
import type { Run } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

const minuteMs = 60_000;
const timeoutMs = 10 * minuteMs;
const approve = interrupt<string, string>("approve");
const state = { said: append<string>() };

function around(name: string, child: Workflow<typeof state>, policy: { timeoutMs?: number } = {}) {
  const body = nested(child, { input: () => ({}), output: ({ said }) => ({ said }) });
  return workflow(name, { version: "1", state }).start("inner", body, policy).end("inner");
}

/** A machine on which processes come and go, with what their steps have begun. */
function machine(context: TestContext) {
  const [clock, backend, processes] = [new FakeClock(), openMemory(), new FakeProcesses()];
  const began: string[] = [];
  const opened: OpenedEngine[] = [];
  context.after(() => Promise.all(opened.map(({ engine }) => engine.close())));
  const open = (): OpenedEngine => {
    const each = openEngine({ backend, clock, host: { processes, pid: opened.length + 1 } });
    opened.push(each);
    return each;
  };
  /** Its first step is committed, its second never ends. */
  const hanging = workflow("hanging", { version: "1", state })
    .start("first", () => {
      began.push("first");
      return { said: ["first"] };
    })
    .node("hang", { after: "first" }, () => {
      began.push("hang");
      return new Promise<never>(() => undefined);
    })
    .end("hang");
  const waiting = (wait: "people" | "time") =>
    workflow("waiting", { version: "1", state })
      .start("wait", async (_state, ctx) => {
        began.push("wait");
        if (wait === "time") await ctx.sleep("long", 24 * 60 * minuteMs);
        return { said: [wait === "time" ? "slept" : await ctx.interrupt(approve, "well?")] };
      })
      .end("wait");
  /** The process with this number is gone, and another one goes on with the run. */
  const takeOver = async (pid: number, flow: Workflow): Promise<Run> => {
    processes.kill(pid, "1");
    return open().engine.resume("r", flow);
  };
  const pass = async (ms: number): Promise<void> => {
    await clock.advanceAsync(ms);
    await turns();
  };
  const head = async () => backend.runs.readHead("default", "r");
  return { clock, backend, began, open, hanging, waiting, takeOver, pass, head };
}

async function assertTimedOut(run: Run): Promise<void> {
  const outcome = await run.settled();
  assert.equal(outcome.status, "failed");
  assert.ok(outcome.status === "failed" && outcome.error instanceof NodeTimeoutError, String(outcome.status));
}

test("the time of a nested workflow goes on over the end of its process", async (context) => {
  const { open, hanging, takeOver, pass, head } = machine(context);
  const flow = around("outer", hanging, { timeoutMs });
  await open().engine.start(flow, {}, { id: "r" });
  await pass(6 * minuteMs);
  await takeOver(1, flow);
  await pass(3 * minuteMs);
  assert.equal((await head())?.status, "running");
  const third = await takeOver(2, flow);
  await pass(minuteMs - 1);
  assert.equal((await head())?.status, "running");
  await pass(1);
  await assertTimedOut(third);
});

test("a nested workflow whose time was over while nobody had the run fails when somebody takes it, and starts nothing", async (context) => {
  const { clock, open, hanging, takeOver, pass, began } = machine(context);
  const flow = around("outer", hanging, { timeoutMs });
  await open().engine.start(flow, {}, { id: "r" });
  await pass(minuteMs);
  clock.jump(60 * minuteMs);
  await assertTimedOut(await takeOver(1, flow));
  assert.deepEqual(began, ["first", "hang"]);
});

test("the time of a workflow around others goes on too, though only those within have committed anything", async (context) => {
  const { open, hanging, takeOver, pass, head } = machine(context);
  const flow = around("outermost", around("outer", hanging), { timeoutMs });
  await open().engine.start(flow, {}, { id: "r" });
  await pass(6 * minuteMs);
  const run = await takeOver(1, flow);
  await pass(4 * minuteMs - 1);
  assert.equal((await head())?.status, "running");
  await pass(1);
  await assertTimedOut(run);
});

for (const wait of ["people", "time"] as const) {
  test(`a run that waits for ${wait} within a nested workflow rests until the time of that is over`, async (context) => {
    const { clock, open, waiting, pass, head, began } = machine(context);
    const flow = around("outer", waiting(wait), { timeoutMs });
    const begunAt = clock.now();
    const run = await open().engine.start(flow, {}, { id: "r" });
    await turns();
    const resting = await head();
    assert.deepEqual(
      [resting?.status, resting?.owner, resting?.wakeAt],
      ["waiting", undefined, begunAt + timeoutMs],
    );
    await pass(timeoutMs - 1);
    assert.equal((await head())?.status, "waiting");
    await pass(1);
    await assertTimedOut(run);
    assert.deepEqual(began, ["wait"]);
  });
}

test("a clock that is set back makes no timeout longer than it was declared", async (context) => {
  const { clock, open, hanging, takeOver, pass, head } = machine(context);
  const flow = around("outer", hanging, { timeoutMs });
  await open().engine.start(flow, {}, { id: "r" });
  await pass(minuteMs);
  clock.jump(-60 * minuteMs);
  const run = await takeOver(1, flow);
  await pass(timeoutMs - 1);
  assert.equal((await head())?.status, "running");
  await pass(1);
  await assertTimedOut(run);
});

test("who resumes a run that has failed gives its nested workflows new time, which a crash does not give", async (context) => {
  const { open, hanging, takeOver, pass, head } = machine(context);
  const flow = around("outer", hanging, { timeoutMs });
  const first = open();
  const run = await first.engine.start(flow, {}, { id: "r" });
  await pass(timeoutMs);
  await assertTimedOut(run);
  await pass(60 * minuteMs);
  await first.engine.resume("r", flow);
  await pass(6 * minuteMs);
  assert.equal((await head())?.status, "running");
  const again = await takeOver(1, flow);
  await pass(4 * minuteMs - 1);
  assert.equal((await head())?.status, "running");
  await pass(1);
  await assertTimedOut(again);
});

test("a nested workflow that another process ends was under way as long as both of them took", async (context) => {
  const { open, waiting, pass } = machine(context);
  const flow = around("outer", waiting("people"));
  await (await open().engine.start(flow, {}, { id: "r" })).settled();
  await pass(minuteMs);
  const { engine } = open();
  await engine.answer("r", "0.inner/0.wait#approve[0]", "yes");
  await (await engine.resume("r", flow)).result();
  const { steps } = await engine.inspect("r");
  assert.equal(steps.find(({ stepId }) => stepId === "0.inner")?.durationMs, minuteMs);
});
