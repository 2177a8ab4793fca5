import assert from "node:assert/strict";
import type { Queued, QueueLimits, QueueStore, StoreBackend } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { nextCommit, startCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

type Claim = Parameters<QueueStore["claimQueued"]>[0];

/** Runs that wait in queues, and whose turn it is (ENG-44). */
export function queuesContract(name: string, factory: StoreFactory): void {
  registerTurns(name, factory);
  registerLimits(name, factory);
  registerRaces(name, factory);
}

function registerTurns(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "runs of a queue come in the order of their times, then of their creation",
    factory,
    async (opened) => {
      const { backend } = opened;
      await queue(backend, { late: { dueAt: 30 }, b: { dueAt: 10 }, a: { dueAt: 10 }, soon: { dueAt: 5 } });
      await queue(backend, { elsewhere: { queue: "other" } });
      await queue(backend, { unknown: {} }, { workflow: "unknown" });
      await queue(backend, { theirs: {} }, { tenant: "theirs" });
      assert.deepEqual(await claim(backend, { now: 4 }), ["", 5]);
      assert.deepEqual(await claim(backend, { now: 20, limit: 2 }), ["soon b", 30]);
      await begun(backend, "soon", "b");
      assert.deepEqual(await claim(backend, { now: 20 }), ["a", 30]);
      await begun(backend, "a");
      assert.deepEqual(await claim(backend, { now: 30 }), ["late", undefined]);
      assert.deepEqual(await claim(backend, { queue: "other", workflows: [] }), ["", undefined]);
      assert.deepEqual(await claim(backend, { queue: "other" }), ["elsewhere", undefined]);
    },
  );

  storeTest(
    name,
    "a claimed run is its owner's under the next epoch, and told again until it has begun",
    factory,
    async ({ backend }) => {
      await queue(backend, { a: { key: "k", dueAt: 3 } });
      const place = { queue: "mail", key: "k", dueAt: 3 };
      assert.deepEqual(await backend.queues.readPlace("default", "a"), { ...place, begunAt: undefined });
      const request = claimOf({ now: 7 });
      const { heads } = await backend.queues.claimQueued(request);
      const head = await backend.runs.readHead("default", "a");
      assert.deepEqual(heads, [head]);
      assert.deepEqual([head?.owner, head?.epoch, head?.status], ["owner-1", 2, "queued"]);
      assert.deepEqual(await backend.queues.readPlace("default", "a"), { ...place, begunAt: 7 });
      assert.deepEqual(await claim(backend, { ownerId: "owner-2" }), ["", undefined]);
      assert.deepEqual(await claim(backend, {}), ["a", undefined]);
      await begun(backend, "a");
      assert.deepEqual(await claim(backend, {}), ["", undefined]);
      assert.equal(await backend.queues.readPlace("default", "missing"), undefined);
    },
  );

  storeTest(name, "a run that somebody else has taken or ended has no turn", factory, async ({ backend }) => {
    await queue(backend, { cancelled: {}, taken: {}, free: {} });
    const { owners } = backend;
    const take = {
      tenant: "default",
      expectedEpoch: 1,
      expectedOwner: undefined,
      recovery: 0,
      ownerId: "x",
    } as const;
    await owners.takeRun({ ...take, runId: "taken" });
    await commitAll(backend, [
      nextCommit(2, { runId: "cancelled", progress: { status: "cancelled" }, release: true }),
    ]);
    assert.deepEqual(await claim(backend, { limits: { concurrency: 1 } }), ["free", undefined]);
  });
}

function registerLimits(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "no more runs are under way than a queue allows, until one has ended",
    factory,
    async ({ backend }) => {
      await queue(backend, { a: {}, b: {}, c: {}, d: {} });
      const limits = { concurrency: 2 };
      assert.deepEqual(await claim(backend, { limits }), ["a b", undefined]);
      await begun(backend, "a", "b");
      assert.deepEqual(await claim(backend, { limits }), ["", undefined]);
      const rests = { runId: "a", progress: { status: "waiting", epoch: 2 }, release: true } as const;
      await commitAll(backend, [nextCommit(3, rests)]);
      assert.deepEqual(await claim(backend, { limits }), ["", undefined]);
      await commitAll(backend, [
        nextCommit(3, { runId: "b", progress: { status: "failed", epoch: 2 }, release: true }),
      ]);
      assert.deepEqual(await claim(backend, { limits }), ["c", undefined]);
    },
  );

  storeTest(
    name,
    "runs of one key follow each other, and keep no other key waiting",
    factory,
    async ({ backend }) => {
      await queue(backend, {
        a1: { key: "a" },
        a2: { key: "a" },
        b1: { key: "b" },
        n1: {},
        n2: {},
        a3: { key: "a" },
      });
      const limits = { keyConcurrency: 1 };
      assert.deepEqual(await claim(backend, { limits }), ["a1 b1 n1 n2", undefined]);
      await begun(backend, "a1", "b1", "n1", "n2");
      assert.deepEqual(await claim(backend, { limits }), ["", undefined]);
      await commitAll(backend, [
        nextCommit(3, { runId: "a1", progress: { status: "succeeded", epoch: 2 }, release: true }),
      ]);
      assert.deepEqual(await claim(backend, { limits }), ["a2", undefined]);
    },
  );

  storeTest(
    name,
    "no more runs begin within a stretch of time than a queue allows",
    factory,
    async ({ backend }) => {
      await queue(backend, { a: {}, b: {}, c: {}, d: {}, e: {} });
      const limits = { rate: { limit: 2, perMs: 100 } };
      assert.deepEqual(await claim(backend, { limits, limit: 1, now: 1_000 }), ["a", undefined]);
      await begun(backend, "a");
      assert.deepEqual(await claim(backend, { limits, now: 1_050 }), ["b", 1_100]);
      await begun(backend, "b");
      assert.deepEqual(await claim(backend, { limits, now: 1_099 }), ["", 1_100]);
      assert.deepEqual(await claim(backend, { limits, now: 1_100 }), ["c", 1_150]);
      await begun(backend, "c");
      assert.deepEqual(await claim(backend, { limits, now: 1_200 }), ["d e", undefined]);
    },
  );
}

function registerRaces(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "of many that claim at once no limit is exceeded and no run is given twice",
    factory,
    async ({ backend }) => {
      const runIds = Array.from({ length: 12 }, (_, index) => `run-${String(index).padStart(2, "0")}`);
      await queue(
        backend,
        Object.fromEntries(runIds.map((runId, index) => [runId, { key: `k${index % 4}` }])),
      );
      const limits = { concurrency: 6, keyConcurrency: 1, rate: { limit: 5, perMs: 1_000 } };
      const owners = Array.from({ length: 6 }, (_, index) => `owner-${index}`);
      const claims = await Promise.all(
        owners.map((ownerId) => backend.queues.claimQueued(claimOf({ ownerId, limits, limit: 2 }))),
      );
      const given = claims.flatMap(({ heads }) => heads.map(({ runId }) => runId));
      assert.deepEqual([...given].sort(), ["run-00", "run-01", "run-02", "run-03"]);
    },
  );
}

/** Commits a run per member, each waiting in a queue. */
async function queue(
  backend: StoreBackend,
  places: Readonly<Record<string, Partial<Queued>>>,
  origin: { readonly workflow?: string; readonly tenant?: string } = {},
): Promise<void> {
  for (const [runId, place] of Object.entries(places)) {
    const made = startCommit({ ...origin, runId });
    const { create, progress } = made;
    if (create === undefined) throw new Error("a first commit creates");
    const queued: Queued = { queue: "mail", key: undefined, dueAt: 0, ...place };
    await commitAll(backend, [
      { ...made, progress: { ...progress, status: "queued" }, release: true, create: { ...create, queued } },
    ]);
  }
}

function claimOf(parts: Partial<Claim> & { readonly limits?: QueueLimits }): Claim {
  return {
    tenant: "default",
    queue: "mail",
    workflows: ["research"],
    limits: {},
    now: 1_000,
    limit: 99,
    ownerId: "owner-1",
    ...parts,
  };
}

/** The claimed run ids, and when another may be due. */
async function claim(
  backend: StoreBackend,
  parts: Partial<Claim>,
): Promise<readonly [string, number | undefined]> {
  const { heads, nextAt } = await backend.queues.claimQueued(claimOf(parts));
  return [heads.map(({ runId }) => runId).join(" "), nextAt];
}

/** The claimed runs go on, as their owner does with them first. */
async function begun(backend: StoreBackend, ...runIds: readonly string[]): Promise<void> {
  await commitAll(
    backend,
    runIds.map((runId) => nextCommit(2, { runId, progress: { status: "running", epoch: 2 } })),
  );
}
