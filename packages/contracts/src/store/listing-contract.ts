import assert from "node:assert/strict";
import {
  type RunHead,
  RunNotFoundError,
  type RunQuery,
  runStatuses,
  type StoreBackend,
} from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { sampleTime, startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** Lists of runs: newest first, filtered, paged, one tenant at a time (STO-5). */
export function listingContract(name: string, factory: StoreFactory): void {
  storeTest(name, "runs are listed newest first", factory, async ({ backend }) => {
    await commitRuns(backend);
    assert.deepEqual(await ids(backend, {}), ["e", "d", "c", "b", "a"]);
    assert.deepEqual(await ids(backend, { limit: 2 }), ["e", "d"]);
  });

  storeTest(name, "pages continue after the last run seen", factory, async ({ backend }) => {
    await commitRuns(backend);
    assert.deepEqual(await ids(backend, { after: "d", limit: 2 }), ["c", "b"]);
    assert.deepEqual(await ids(backend, { after: "a" }), []);
    await assert.rejects(ids(backend, { after: "missing" }), RunNotFoundError);
  });

  filterContract(name, factory);
}

function filterContract(name: string, factory: StoreFactory): void {
  const filters: readonly (readonly [string, Partial<RunQuery>, readonly string[]])[] = [
    ["one status", { status: ["waiting"] }, ["c"]],
    ["unfinished statuses", { status: ["running", "waiting"] }, ["e", "c", "b", "a"]],
    ["finished and unfinished statuses", { status: ["running", "failed"] }, ["e", "d", "b", "a"]],
    ["no status at all", { status: [] }, []],
    ["workflow", { workflow: "other" }, ["b"]],
    ["creation time", { createdAfter: sampleTime + 1, createdBefore: sampleTime + 4 }, ["d", "c"]],
    ["wake time", { wakeBefore: sampleTime + 50 }, ["c"]],
    ["an earlier wake time", { wakeBefore: sampleTime + 49 }, []],
    ["owner", { owner: "owner-2" }, ["a"]],
    ["status and page", { status: ["running"], after: "e", limit: 1 }, ["b"]],
  ];
  for (const [what, query, expected] of filters) {
    storeTest(name, `runs are listed by ${what}`, factory, async ({ backend }) => {
      await commitRuns(backend);
      assert.deepEqual(await ids(backend, query), expected);
    });
  }

  storeTest(
    name,
    "filters combine, and pages of any size give the whole list",
    factory,
    async ({ backend }) => {
      await commitVariety(backend);
      const all = await backend.runs.listRuns({ tenant: "default", limit: 1_000 });
      assert.equal(all.length, varietyCount);
      for (const query of combinedFilters) {
        const whole = await backend.runs.listRuns({ tenant: "default", limit: 1_000, ...query });
        const fitting = all.filter((head) => fits(head, query));
        assert.deepEqual(whole, fitting, JSON.stringify(query));
        for (const limit of [1, 7]) {
          const paged: RunHead[] = [];
          for (let after: string | undefined; ; after = paged.at(-1)?.runId) {
            const from = after === undefined ? {} : { after };
            const page = await backend.runs.listRuns({ tenant: "default", ...query, ...from, limit });
            paged.push(...page);
            if (page.length < limit) break;
          }
          assert.deepEqual(paged, whole, JSON.stringify({ ...query, limit }));
        }
      }
    },
  );

  storeTest(name, "a tenant does not see the runs of another", factory, async ({ backend }) => {
    await commitRuns(backend);
    await commitAll(backend, [startCommit({ tenant: "other", runId: "a", seed: "theirs" })]);
    assert.deepEqual(await ids(backend, { tenant: "other" }), ["a"]);
    assert.equal((await ids(backend, {})).length, 5);
    assert.equal((await backend.runs.readHead("other", "a"))?.seed, "theirs");
    assert.equal((await backend.runs.readHead("default", "a"))?.seed, "seed");
    assert.equal(await backend.runs.readHead("other", "b"), undefined);
    assert.deepEqual(await ids(backend, { tenant: "third" }), []);
    const records = { tenant: "other", runId: "b", afterEvent: 0, limit: 9 };
    assert.deepEqual(await backend.runs.readRecords(records), []);
  });
}

async function commitRuns(backend: StoreBackend): Promise<void> {
  const starts = ["a", "b", "c", "d", "e"].map((runId, index) =>
    startCommit(
      { runId, createdAt: sampleTime + index, workflow: runId === "b" ? "other" : "research" },
      { owner: runId === "a" ? "owner-2" : "owner-1" },
    ),
  );
  await commitAll(backend, starts);
  await commitAll(backend, [
    stepCommit(2, { runId: "c", progress: { status: "waiting", wakeAt: sampleTime + 50 } }),
    stepCommit(2, { runId: "d", progress: { status: "failed" } }),
  ]);
}

const varietyCount = 42;

/** Runs of every status in two workflows, three in each millisecond. */
async function commitVariety(backend: StoreBackend): Promise<void> {
  for (let index = 0; index < varietyCount; index++) {
    const runId = `run-${String((index * 29) % varietyCount).padStart(2, "0")}`;
    const createdAt = sampleTime + Math.floor(index / 3);
    const workflow = index % 5 === 0 ? "rare" : "research";
    const status = runStatuses[index % runStatuses.length] ?? "queued";
    await commitAll(backend, [startCommit({ runId, createdAt, workflow })]);
    await commitAll(backend, [stepCommit(2, { runId, progress: { status } })]);
  }
}

const combinedFilters: readonly Partial<RunQuery>[] = [undefined, "rare", "research", "unknown"].flatMap(
  (workflow) =>
    [undefined, ["failed"], ["running", "succeeded"], ["queued", "waiting", "paused"]].flatMap((status) =>
      [
        {},
        { createdAfter: sampleTime + 3 },
        { createdAfter: sampleTime + 2, createdBefore: sampleTime + 9 },
      ].map(
        (range) =>
          ({
            ...range,
            ...(workflow === undefined ? {} : { workflow }),
            ...(status === undefined ? {} : { status }),
          }) as Partial<RunQuery>,
      ),
    ),
);

function fits(head: RunHead, query: Partial<RunQuery>): boolean {
  return (
    query.status?.includes(head.status) !== false &&
    (query.workflow ?? head.workflow) === head.workflow &&
    head.createdAt > (query.createdAfter ?? 0) &&
    head.createdAt < (query.createdBefore ?? Number.MAX_SAFE_INTEGER)
  );
}

async function ids(backend: StoreBackend, query: Partial<RunQuery>): Promise<string[]> {
  const heads = await backend.runs.listRuns({ tenant: "default", limit: 100, ...query });
  return heads.map(({ runId }) => runId);
}
