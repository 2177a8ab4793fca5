import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { type Clock, type Host, RunOwnedError, type StoreBackend } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { createEngine, systemHost } from "@agentflow/runtime";
import { openMemory, openSqlite } from "@agentflow/store";
import { heldWorkflow } from "./real/held-runs.ts";
import { KillableProcess } from "./real/killable-process.ts";

const program = join(import.meta.dirname, "real/held-runs.fixture.ts");
const never = () => new Promise<null>(() => undefined);

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-owners-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Runs that are parked in their second step. */
async function parkRuns(folder: string, runIds: readonly string[]): Promise<void> {
  const engine = await createEngine({ store: `sqlite:${join(folder, "agentflow.db")}` });
  for (const runId of runIds) await engine.start(heldWorkflow(never), {}, { id: runId });
  await engine.close();
}

async function startHolder(context: TestContext, folder: string): Promise<KillableProcess> {
  const holder = new KillableProcess(program, { folder });
  context.after(() => holder.kill());
  await holder.said("ready");
  return holder;
}

test("of two processes that resume a run at once one goes on, the other gets RunOwnedError, 20 times", async (context) => {
  const folder = temporaryFolder(context);
  const runIds = Array.from({ length: 20 }, (_each, index) => `run-${index}`);
  await parkRuns(folder, runIds);
  const both = await Promise.all([startHolder(context, folder), startHolder(context, folder)]);
  for (const runId of runIds) {
    for (const holder of both) holder.say(`resume ${runId}`);
    const answers = await Promise.all(both.map((holder) => holder.saidOf(runId)));
    assert.deepEqual([...answers].sort(), [`${runId} AF_RUN_OWNED`, `${runId} holds`]);
    const winner = both[answers.indexOf(`${runId} holds`)];
    winner?.say(`finish ${runId}`);
    await winner?.said(`${runId} succeeded`);
  }
});

test("a stopped owner keeps its run, and is fenced when it goes on after a forced takeover", async (context) => {
  const folder = temporaryFolder(context);
  await parkRuns(folder, ["run"]);
  const holder = await startHolder(context, folder);
  holder.say("resume run");
  await holder.said("run holds");
  holder.child.kill("SIGSTOP");

  const backend = await openSqlite({ path: join(folder, "agentflow.db") });
  context.after(() => backend.runs.close());
  const released = heldWorkflow(async () => "taken over");
  const polite = await createEngine({ store: backend });
  await assert.rejects(polite.resume("run", released), RunOwnedError);
  await polite.close();

  const blind: Host = { ...systemHost(), isAlive: () => false };
  const forcing = await createEngine({ store: backend, host: blind });
  const run = await forcing.resume("run", released);
  assert.deepEqual(await run.result(), { log: ["opened", "taken over", "shut"] });
  await forcing.close();
  const before = await backend.runs.readHead("default", "run");

  holder.say("finish run");
  holder.child.kill("SIGCONT");
  await holder.said("run AF_FENCED");
  assert.deepEqual(await backend.runs.readHead("default", "run"), before);
});

/** An engine on a machine of its own; its owner's row tells of a process there. */
function engineOn(backend: StoreBackend, name: string, clock: Clock): Engine {
  return new Engine({ backend, clock, host: new FakeHost({ name }) });
}

test("a run of another host is taken when its owner's counter stood still for 10 s, and not before", async () => {
  const backend = openMemory();
  const hold = heldWorkflow(never);
  await engineOn(backend, "host-a", new FakeClock()).start(hold, {}, { id: "run" });
  const clock = new FakeClock();
  let isTaken = false;
  const taking = engineOn(backend, "host-b", clock)
    .resume("run", hold)
    .then(() => {
      isTaken = true;
    });
  await clock.advanceAsync(9_900);
  assert.equal(isTaken, false);
  await clock.advanceAsync(200);
  await taking;
  assert.equal((await backend.runs.readHead("default", "run"))?.epoch, 2);
});

test("a run of another host whose owner's heart beats is not taken", async () => {
  const backend = openMemory();
  const hold = heldWorkflow(never);
  const theirs = new FakeClock();
  await engineOn(backend, "host-a", theirs).start(hold, {}, { id: "run" });
  const clock = new FakeClock();
  const taking = assert.rejects(engineOn(backend, "host-b", clock).resume("run", hold), RunOwnedError);
  await clock.advanceAsync(4_000);
  await theirs.advanceAsync(2_000);
  await clock.advanceAsync(2_000);
  await taking;
  assert.equal((await backend.runs.readHead("default", "run"))?.epoch, 1);
});
