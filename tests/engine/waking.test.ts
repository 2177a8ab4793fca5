import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeProcesses, FaultyStore, interceptBackend } from "@agentflow/contracts";
import { append, type StoreBackend, workflow } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

const napMs = 600_000;

/** A machine on which many runs sleep until one moment, with what has gone on and what the store was asked for. */
function machine(context: TestContext, store: StoreBackend = openMemory()) {
  const [clock, processes] = [new FakeClock(), new FakeProcesses()];
  const calls: string[] = [];
  const backend = interceptBackend(store, (method, work) => {
    calls.push(method);
    return work();
  });
  const woken: string[] = [];
  const sleeper = workflow("sleeper", { version: "1", state: { said: append<string>() } })
    .start("nap", async (_state, ctx) => {
      await ctx.sleep("nap", napMs);
      woken.push(ctx.runId);
      return { said: ["slept"] };
    })
    .end("nap");
  let pids = 0;
  const open = (): OpenedEngine => {
    const host = { processes, pid: ++pids };
    const opened = openEngine({ backend, clock, host, workflows: [sleeper] });
    context.after(() => opened.engine.close());
    return opened;
  };
  const startAll = async ({ engine }: OpenedEngine, count: number): Promise<void> => {
    const ids = Array.from({ length: count }, (_, index) => `run-${index}`);
    await Promise.all(ids.map((id) => engine.start(sleeper, {}, { id })));
    await turns();
  };
  const pass = async (ms: number): Promise<void> => {
    await clock.advanceAsync(ms);
    await turns();
  };
  const count = (method: string): number => calls.filter((call) => call === method).length;
  return { clock, open, startAll, pass, woken, calls, count };
}

/** Lets everything happen that needs no time. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !isSo(); turn++) await turns(1);
}

test("runs that are due together are taken in a few calls of the store, and each goes on once", async (context) => {
  const { open, startAll, pass, woken, calls, count } = machine(context);
  await startAll(open(), 600);
  calls.length = 0;
  await pass(napMs);
  await until(() => woken.length === 600);
  assert.equal(new Set(woken).size, 600);
  assert.deepEqual(
    [count("takeRested"), count("takeRun"), count("readScope"), count("readRecords")],
    [3, 0, 0, 0],
  );
});

test("a run that the store gave us without saying so is given back, and goes on", async (context) => {
  const store = new FaultyStore(openMemory(), [
    { kind: "loseAcknowledgement", method: "takeRested", call: 1 },
  ]);
  const { open, startAll, pass, woken, count } = machine(context, store);
  await startAll(open(), 3);
  await pass(napMs);
  for (let second = 0; second < 6; second++) await pass(1_000);
  assert.deepEqual([...woken].sort(), ["run-0", "run-1", "run-2"]);
  assert.deepEqual([count("takeRested"), count("releaseRun")], [2, 3]);
});

test("a server takes no more due runs than it has room for, and all of them in the end", async (context) => {
  const { clock, open, startAll, pass, woken, calls, count } = machine(context);
  const starter = open();
  await startAll(starter, 30);
  await starter.engine.close();
  clock.jump(napMs);
  calls.length = 0;
  open().engine.serve({ concurrency: 10 });
  await pass(1_000);
  await until(() => woken.length === 30);
  assert.equal(new Set(woken).size, 30);
  assert.ok(count("takeRested") >= 3, "ten at a time");
});
