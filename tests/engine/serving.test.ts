import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeProcesses } from "@agentflow/contracts";
import { append, interrupt, type StoreBackend, ValidationError, value, workflow } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

const approve = interrupt<string, string>("approve");
const minuteMs = 60_000;

/** A machine with processes that serve the same workflows from one store, and what they have executed. */
class Machine {
  readonly clock = new FakeClock();
  readonly backend: StoreBackend = openMemory();
  readonly processes = new FakeProcesses();
  readonly began: string[] = [];
  running = 0;
  most = 0;
  /** Calls do not come back: what a process that is about to die has under way. */
  isHanging = false;
  #pid = 0;
  readonly #opened: OpenedEngine[] = [];

  readonly job = workflow("job", { version: "1", state: { name: value<string>(), said: append<string>() } })
    .start("work", async ({ name }, ctx) => {
      await ctx.io("call", name, async () => {
        this.began.push(name);
        if (this.isHanging) await new Promise(() => undefined);
        this.running += 1;
        this.most = Math.max(this.most, this.running);
        await new Promise<void>((resolve) => this.clock.setTimer(100, resolve));
        this.running -= 1;
        return null;
      });
      return { said: [`${name} ${ctx.now()}`] };
    })
    .end("work");

  readonly asking = workflow("asking", { version: "1", state: { said: append<string>() } })
    .start("ask", async (_state, ctx) => ({ said: [await ctx.interrupt(approve, "well?")] }))
    .end("ask");

  readonly queues = {
    mail: { concurrency: 2 },
    slow: { rate: { limit: 1, perMs: minuteMs } },
    keyed: { keyConcurrency: 1 },
  };

  constructor(context: TestContext) {
    context.after(() => Promise.all(this.#opened.map(({ engine }) => engine.close())));
  }

  open(): OpenedEngine {
    this.#pid += 1;
    const { backend, clock, processes, queues } = this;
    const workflows = [this.job, this.asking];
    const opened = openEngine({ backend, clock, host: { processes, pid: this.#pid }, workflows, queues });
    this.#opened.push(opened);
    return opened;
  }

  serve(): OpenedEngine {
    const opened = this.open();
    opened.engine.serve();
    return opened;
  }

  die(pid: number): void {
    this.processes.kill(pid, "1");
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      await this.clock.advanceAsync(Math.min(100, left));
      await turns();
    }
  }

  async statusOf(runId: string): Promise<string | undefined> {
    return (await this.backend.runs.readHead("default", runId))?.status;
  }
}

test("a delayed run begins at its time and not before, in the process that started it", async (context) => {
  const machine = new Machine(context);
  const { engine, clock } = machine.open();
  const run = await engine.start(machine.job, { name: "a" }, { id: "a", delayMs: minuteMs });
  assert.equal(await machine.statusOf("a"), "queued");
  await machine.pass(minuteMs - 100);
  assert.deepEqual(machine.began, []);
  const settled = run.settled();
  await machine.pass(400);
  assert.equal((await settled).status, "succeeded");
  const at = await engine.start(machine.job, { name: "b" }, { startAt: new Date(clock.now() + 1_000) });
  await machine.pass(1_400);
  assert.equal((await at.settled()).status, "succeeded");
});

test("a delayed run whose process has ended is begun by one that serves, once, whoever else serves", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  await engine.start(machine.job, { name: "a" }, { id: "a", delayMs: minuteMs });
  await engine.close();
  for (let count = 0; count < 3; count++) machine.serve();
  await machine.pass(minuteMs + 2_000);
  assert.equal(await machine.statusOf("a"), "succeeded");
  assert.deepEqual(machine.began, ["a"]);
});

test("runs of a queue begin in order, no more at a time than it allows over all that serve", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  const names = ["a", "b", "c", "d", "e", "f"];
  const runs = [];
  for (const name of names) runs.push(await engine.start(machine.job, { name }, { queue: "mail" }));
  await machine.pass(2_000);
  assert.deepEqual(machine.began, []);
  machine.serve();
  machine.serve();
  const settled = Promise.all(runs.map((run) => run.settled()));
  await machine.pass(5_000);
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    names.map(() => "succeeded"),
  );
  assert.deepEqual(machine.began, names);
  assert.equal(machine.most, 2);
});

test("runs of one key follow each other, and a rate spreads runs over time", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.serve();
  for (const name of ["a", "b"]) await engine.start(machine.job, { name }, { queue: "keyed", key: "k" });
  await machine.pass(4_000);
  assert.deepEqual([machine.began, machine.most], [["a", "b"], 1]);
  for (const name of ["c", "d"]) await engine.start(machine.job, { name }, { queue: "slow" });
  await machine.pass(30_000);
  assert.deepEqual(machine.began, ["a", "b", "c"]);
  await machine.pass(40_000);
  assert.deepEqual(machine.began, ["a", "b", "c", "d"]);
});

test("a server takes up answered and orphaned runs, and leaves those of the living alone", async (context) => {
  const machine = new Machine(context);
  const doomed = machine.open();
  await (await doomed.engine.start(machine.asking, {}, { id: "asked" })).settled();
  machine.isHanging = true;
  await doomed.engine.start(machine.job, { name: "orphan" }, { id: "orphan" });
  await turns();
  machine.isHanging = false;
  const alive = machine.open();
  await alive.engine.start(machine.job, { name: "alive" }, { id: "alive" });
  await turns();
  machine.die(1);
  const server = machine.serve();
  await server.engine.answer("asked", "0.ask#approve[0]", "yes");
  await machine.pass(3_000);
  assert.deepEqual(
    [await machine.statusOf("asked"), await machine.statusOf("orphan")],
    ["succeeded", "succeeded"],
  );
  assert.equal((await machine.backend.runs.readHead("default", "alive"))?.epoch, 1);
});

test("a run that waits in a queue can be cancelled, and gives its place to nobody twice", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  await engine.start(machine.job, { name: "a" }, { id: "a", queue: "mail" });
  await engine.start(machine.job, { name: "b" }, { id: "b", queue: "mail" });
  const again = await engine.start(machine.job, { name: "b" }, { id: "b", queue: "mail" });
  await engine.request("a", "cancel");
  machine.serve();
  const settled = again.settled();
  await machine.pass(3_000);
  assert.deepEqual([await machine.statusOf("a"), (await settled).status], ["cancelled", "succeeded"]);
  assert.deepEqual(machine.began, ["b"]);
});

test("what a server gives back when it stops, another one goes on with", async (context) => {
  const machine = new Machine(context);
  const first = machine.open();
  await first.engine.start(machine.job, { name: "a" }, { id: "a", queue: "mail" });
  const serving = first.engine.serve();
  await machine.pass(50);
  assert.deepEqual(machine.began, ["a"]);
  await serving.stop();
  assert.equal(await machine.statusOf("a"), "queued");
  machine.serve();
  await machine.pass(2_000);
  assert.equal(await machine.statusOf("a"), "succeeded");
});

test("a server that stops with a grace lets what runs end", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  await engine.start(machine.job, { name: "a" }, { id: "a", queue: "mail" });
  const serving = engine.serve();
  await machine.pass(50);
  const stopped = serving.stop({ graceMs: 10_000 });
  await machine.pass(1_000);
  await stopped;
  assert.deepEqual(machine.began, ["a"]);
  assert.equal(machine.running, 0);
});

test("a server is idle once nothing is due and nothing executes", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  await engine.start(machine.job, { name: "a" }, { queue: "keyed", key: "k" });
  await engine.start(machine.job, { name: "b" }, { queue: "keyed", key: "k" });
  await engine.start(machine.job, { name: "later" }, { delayMs: minuteMs });
  let isIdle = false;
  const idle = engine
    .serve()
    .idle()
    .then(() => {
      isIdle = true;
    });
  await machine.pass(100);
  assert.deepEqual([machine.began, isIdle], [["a", "b"], false]);
  await machine.pass(100);
  await idle;
  assert.deepEqual([machine.began, machine.running], [["a", "b"], 0]);
});

test("wrong times, queues and options are refused before anything is stored", async (context) => {
  const machine = new Machine(context);
  const { engine } = machine.open();
  const wrong = [
    { delayMs: -1 },
    { startAt: Number.NaN },
    { startAt: 1, delayMs: 1 },
    { queue: "mial" },
    { key: "k" },
    { queue: "mail", key: "" },
  ];
  for (const options of wrong)
    await assert.rejects(engine.start(machine.job, { name: "a" }, { id: "a", ...options }), ValidationError);
  assert.equal(await machine.statusOf("a"), undefined);
  assert.throws(() => engine.serve({ queues: ["mial"] }), /no queue "mial"/);
  assert.throws(() => engine.serve({ concurrency: 0 }), ValidationError);
  assert.throws(() => openEngine().engine.serve(), /no workflows to serve/);
  assert.throws(() => openEngine({ queues: { mail: { concurrency: 0 } } }), ValidationError);
});
