import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost, FakeProcesses, type FaultKind, FaultyStore } from "@agentflow/contracts";
import { type ArtifactStore, canonicalLog, type ResponseCache, type StoreBackend } from "@agentflow/core";
import { Engine, type Run } from "@agentflow/engine";
import { memoryArtifacts, memoryCache, openMemory } from "@agentflow/store";
import { storedEvents } from "@agentflow/testkit";
import { settle } from "../determinism/settle.ts";
import { corpus, describeCase } from "./corpus/corpus.ts";
import type { CorpusCase } from "./corpus/corpus-case.ts";
import { answerTo } from "./process/outside-world.ts";
import { openInterrupts } from "./process/people.ts";

const tenant = "default";

/** What outlives the processes of a test. */
interface World {
  readonly backend: StoreBackend;
  readonly artifacts: ArtifactStore;
  readonly cache: ResponseCache;
  readonly clock: FakeClock;
  readonly processes: FakeProcesses;
  pid: number;
}

function world(backend = openMemory()): World {
  const [clock, processes] = [new FakeClock(), new FakeProcesses()];
  return { backend, artifacts: memoryArtifacts(), cache: memoryCache(), clock, processes, pid: 1_000 };
}

function process(of: World, backend = of.backend): { readonly engine: Engine; readonly host: FakeHost } {
  const { artifacts, cache, clock, processes } = of;
  of.pid++;
  const host = new FakeHost({ processes, pid: of.pid });
  return { host, engine: new Engine({ backend, clock, host, artifacts, cache, tenant }) };
}

/** Lets a run go on, with people answering, until it has succeeded; a failed one is mended. */
async function toTheEnd(of: World, engine: Engine, made: CorpusCase, first: Run): Promise<void> {
  const { runId } = first;
  const place = { backend: of.backend, tenant, runId };
  for (let run = first, tries = 0; tries < 20; tries++) {
    const outcome = await settle(run, of.clock);
    if (outcome.status === "succeeded") return;
    if (outcome.status === "waiting") {
      const open = (await openInterrupts(place)).find((id) => made.answers?.[id] !== undefined);
      if (open !== undefined) await engine.answer(runId, open, made.answers?.[open] ?? null, { by: "Ada" });
      const taken = (await storedEvents(place)).filter(({ type }) => type === "wait.ended").length;
      const signal = made.signals?.[taken];
      if (open === undefined && signal !== undefined) await engine.signal(runId, signal.key, signal.value);
      // Nobody has anything to say: time passes until the run goes on by itself.
      const { wakeAt = 0 } = (await of.backend.runs.readHead(tenant, runId)) ?? {};
      if (open === undefined) of.clock.advance(Math.max(0, wakeAt - of.clock.now()));
    } else assert.ok(outcome.status === "failed" && made.mended !== undefined, `the run ${outcome.status}`);
    run = await engine.resume(runId, made.mended ?? made.workflow, { allowVersionMismatch: true });
  }
  assert.fail(`${made.name} does not get on`);
}

async function logOf({ backend }: World, runId: string): Promise<string> {
  const events = await storedEvents({ backend, tenant, runId });
  return canonicalLog(events.filter(({ type }) => type !== "run.forked"));
}

async function stateOf(engine: Engine, runId: string): Promise<unknown> {
  return (await engine.inspect(runId)).state;
}

for (const makeCase of corpus) {
  const { name, needsTransactions, readsClock } = describeCase(makeCase);
  if (needsTransactions === true || readsClock === true) continue;

  test(`${name}: a fork at any checkpoint ends like the run itself, which stays as it was (S23)`, async () => {
    const of = world();
    const made = makeCase({ salt: "", entered: () => undefined, act: async (call) => answerTo(call) });
    const { engine } = process(of);
    await using _engine = engine;
    const { workflow, input } = made;
    await toTheEnd(of, engine, made, await engine.start(workflow, input, { id: "run", seed: "seed" }));
    const before = await storedEvents({ backend: of.backend, tenant, runId: "run" });
    const log = await logOf(of, "run");
    const checkpoints = (await engine.history("run")).filter(({ next }) => next.length > 0);
    for (const { event, scope } of [{ event: 1, scope: "" }, ...checkpoints]) {
      const id = `fork-${event}`;
      const options = { workflow: made.mended ?? workflow, allowVersionMismatch: true };
      const fork = await engine.fork("run", { at: event, id, ...options });
      await toTheEnd(of, engine, made, fork);
      assert.deepEqual(await stateOf(engine, id), await stateOf(engine, "run"), `at ${event} of "${scope}"`);
      if (made.mended === undefined) assert.equal(await logOf(of, id), log, `at ${event} of "${scope}"`);
      const { divergence } = await engine.replay(id, options.workflow);
      assert.equal(divergence, undefined);
    }
    assert.deepEqual(await storedEvents({ backend: of.backend, tenant, runId: "run" }), before);
  });
}

const kinds: readonly FaultKind[] = ["crashBefore", "crashAfter", "loseAcknowledgement", "fail"];
const [sequence = assert.fail()] = corpus;

test("a fork that crashed anywhere is made by forking again under its id, once", async () => {
  const outside = { salt: "", entered: () => undefined, act: async (call: never) => answerTo(call) };
  const made = sequence(outside);
  const options = { at: "1.think", id: "fork", workflow: made.workflow, patch: { high: 7 } };
  const wanted = await forkedOnce(world(), made, options, []);
  assert.match(JSON.stringify(wanted.told), /"high":7/);
  assert.ok(wanted.calls >= 5, `${wanted.calls} moments`);
  for (let call = 1; call <= wanted.calls; call++) {
    for (const kind of kinds) {
      const { told } = await forkedOnce(world(), made, options, [{ call, kind }]);
      assert.deepEqual(told, wanted.told, `${kind} at call ${call}`);
    }
  }
});

type ForkParts = Parameters<Engine["fork"]>[1];

/** What the store holds of a fork that a first process began and, where that ended, a second one made. */
async function forkedOnce(
  of: World,
  made: CorpusCase,
  options: ForkParts,
  faults: ConstructorParameters<typeof FaultyStore>[1],
): Promise<{ readonly told: unknown; readonly calls: number }> {
  const { engine } = process(of);
  await toTheEnd(of, engine, made, await engine.start(made.workflow, made.input, { id: "run", seed: "s" }));
  await engine.close();
  const faulty = new FaultyStore(of.backend, faults);
  const first = process(of, faulty);
  const begun = first.engine.fork("run", options).then(
    () => "made",
    (error: unknown) => String(error),
  );
  const ended = await Promise.race([begun, faulty.crashed.then(() => "crashed")]);
  const calls = faulty.calls.length;
  if (ended === "made") {
    await toTheEnd(of, first.engine, made, await first.engine.resume("fork", made.workflow));
    await first.engine.close();
  } else {
    if (ended === "crashed") first.host.die();
    const { engine: again } = ended === "crashed" ? process(of) : first;
    await toTheEnd(of, again, made, await again.fork("run", options));
    await again.close();
  }
  const runs = await of.backend.runs.listRuns({ tenant, limit: 10 });
  assert.deepEqual(runs.map(({ runId }) => runId).sort(), ["fork", "run"]);
  const events = await storedEvents({ backend: of.backend, tenant, runId: "fork" });
  const last = events.at(-1);
  return { told: { log: await logOf(of, "fork"), state: last?.data?.["state"] }, calls };
}
