import assert from "node:assert/strict";
import { commitAll, deltasOf } from "./committing.ts";
import { startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/**
 * Every level that a store declares may be asked for by a commit, an inbox row or a transaction, whatever the store's own
 * is (S5). What a level survives shows only when power or processes are lost: that is each store's own test.
 */
export function durabilityContract(name: string, factory: StoreFactory): void {
  storeTest(name, "the default is a level that the store keeps", factory, async ({ backend }) => {
    const { durability, defaultDurability } = backend.runs.capabilities;
    assert.ok(durability.includes(defaultDurability));
    assert.equal(new Set(durability).size, durability.length);
  });

  storeTest(name, "runs of every level it keeps commit alone and together", factory, async ({ backend }) => {
    const { durability: levels } = backend.runs.capabilities;
    for (const durability of levels) {
      const run = { runId: durability };
      await commitAll(backend, [{ ...startCommit(run), durability }, stepCommit(2, { ...run, durability })]);
    }
    const together = [
      startCommit({ runId: "own" }),
      ...levels.map((durability) => stepCommit(3, { runId: durability, durability })),
    ];
    const results = await backend.runs.commit(together);
    assert.deepEqual(new Set(results.map(({ kind }) => kind)), new Set(["committed"]));
    const apart = levels.map((durability) =>
      backend.runs.commit([stepCommit(4, { runId: durability, durability })]),
    );
    for (const answer of apart) assert.deepEqual(await answer, [{ kind: "committed" }]);
    for (const runId of levels)
      assert.deepEqual(await deltasOf(backend, runId), ['{"n":2}', '{"n":3}', '{"n":4}']);
  });

  storeTest(
    name,
    "inbox rows and transactions of every level it keeps are stored",
    factory,
    async (store) => {
      const { runs, inbox } = store.backend;
      const { durability: levels, transactions } = runs.capabilities;
      for (const durability of levels) {
        const run = { tenant: "default", runId: durability };
        await commitAll(store.backend, [{ ...startCommit(run), durability }]);
        const row = { kind: "event", key: "go", value: "1", by: undefined, at: 1 } as const;
        assert.equal((await inbox.put({ ...run, row, durability })).kind, "stored");
        assert.equal((await inbox.read("default", durability, 0)).length, 1);
        if (!transactions) continue;
        const step = stepCommit(2, { runId: durability, durability });
        const result = await runs.transact(
          async () => null,
          () => step,
          durability,
        );
        assert.deepEqual(result, { kind: "committed" });
        assert.deepEqual(await deltasOf(store.backend, durability), ['{"n":2}']);
      }
    },
  );
}
