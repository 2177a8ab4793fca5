import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost, nextCommit, sampleOrigin, startCommit } from "@agentflow/contracts";
import { type StoreBackend, StoreUnavailableError } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { BackgroundRetention } from "./background-retention.ts";
import type { RetentionOptions } from "./retention-options.ts";

const tenant = "default";
const dayMs = 86_400_000;

async function commitEnded(backend: StoreBackend, runId: string, at: number): Promise<void> {
  await backend.runs.commit([startCommit({ ...sampleOrigin(), runId, createdAt: at }, { owner: undefined })]);
  const progress = { status: "succeeded", updatedAt: at } as const;
  await backend.runs.commit([nextCommit(2, { runId, release: true, progress })]);
}

function begin(backend: StoreBackend, clock: FakeClock, options: RetentionOptions, errors: unknown[] = []) {
  return new BackgroundRetention({
    backend,
    tenant,
    clock,
    host: new FakeHost(),
    runsDirectory: undefined,
    options,
    onError: (error) => errors.push(error),
  });
}

async function ids(backend: StoreBackend): Promise<string[]> {
  return (await backend.runs.listRuns({ tenant, limit: 9 })).map(({ runId }) => runId);
}

/** Lets an hour pass, in steps that let each pause of a round end. */
async function anHour(clock: FakeClock): Promise<void> {
  for (let minute = 0; minute < 61; minute++) await clock.advanceAsync(60_000);
}

test("without a rule the background leaves every run; with one, what it lets go is gone within the hour", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  await commitEnded(backend, "old", clock.now() - 2 * dayMs);
  await commitEnded(backend, "new", clock.now());
  const idle = begin(backend, clock, { removeUnexported: true });
  await anHour(clock);
  assert.deepEqual(await ids(backend), ["new", "old"]);
  await idle.stop();
  const spares = begin(backend, clock, { keepRunsDays: 1 });
  await anHour(clock);
  await anHour(clock);
  assert.deepEqual(await ids(backend), ["new", "old"], "not exported");
  await spares.stop();
  const background = begin(backend, clock, { keepRunsDays: 1, removeUnexported: true });
  await anHour(clock);
  await anHour(clock);
  assert.deepEqual(await ids(backend), ["new"]);
  assert.deepEqual(await backend.retention.listRemoved({ tenant, limit: 9 }), []);
  await background.stop();
});

test("rows of dead processes go, those of the living stay", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const own = new FakeHost();
  const row = { processStart: own.processStart, counter: 0 };
  await backend.owners.registerOwner({ ...row, ownerId: "here", host: own.name, pid: own.pid });
  await backend.owners.registerOwner({ ...row, ownerId: "dead here", host: own.name, pid: 7 });
  await backend.owners.registerOwner({ ...row, ownerId: "still elsewhere", host: "host-b", pid: 8 });
  await backend.owners.registerOwner({ ...row, ownerId: "beats elsewhere", host: "host-b", pid: 9 });
  const background = begin(backend, clock, {});
  const owners = async () => (await backend.owners.listOwners()).map(({ ownerId }) => ownerId).sort();
  await clock.advanceAsync(60_000);
  assert.deepEqual(
    await owners(),
    ["beats elsewhere", "here", "still elsewhere"],
    "one look tells nothing of another host",
  );
  for (let round = 0; round < 2; round++) {
    await backend.owners.beat("beats elsewhere");
    await anHour(clock);
  }
  assert.deepEqual(await owners(), ["beats elsewhere", "here"]);
  await background.stop();
});

test("an error ends the round, is reported, and the next round tries again", async () => {
  const clock = new FakeClock();
  const memory = openMemory();
  let calls = 0;
  const backend: StoreBackend = {
    ...memory,
    owners: memory.owners,
    retention: Object.assign(Object.create(memory.retention), {
      claimRound: async () => {
        calls += 1;
        throw new StoreUnavailableError("away");
      },
    }),
  };
  const errors: unknown[] = [];
  const background = begin(backend, clock, {}, errors);
  await anHour(clock);
  await anHour(clock);
  assert.deepEqual([calls, errors.length], [3, 3], "after a minute, and every hour");
  await background.stop();
  await anHour(clock);
  assert.equal(calls, 3, "nothing begins after it was stopped");
});

test("stopping in the middle of a round ends it, and no other follows", async () => {
  const clock = new FakeClock();
  const memory = openMemory();
  const asked = Promise.withResolvers<boolean>();
  let calls = 0;
  const backend: StoreBackend = {
    ...memory,
    retention: Object.assign(Object.create(memory.retention), {
      claimRound: () => {
        calls += 1;
        return asked.promise;
      },
    }),
  };
  await commitEnded(backend, "old", clock.now() - 2 * dayMs);
  const background = begin(backend, clock, { keepRunsDays: 1, removeUnexported: true });
  await clock.advanceAsync(60_000);
  const stopped = background.stop();
  asked.resolve(false);
  await stopped;
  await anHour(clock);
  assert.deepEqual([calls, await ids(backend)], [1, ["old"]]);
});
