import assert from "node:assert/strict";
import {
  AgentFlowError,
  CapabilityError,
  type Json,
  type StoreBackend,
  type TransactionSql,
  ValidationError,
} from "@agentflow/core";
import { commitAll, deltasOf } from "./committing.ts";
import { startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const createTable = "CREATE TABLE payments (id TEXT PRIMARY KEY, cents INTEGER NOT NULL)";
const pay = "INSERT INTO payments (id, cents) VALUES (?, ?)";
const sum = "SELECT count(*) AS payments, sum(cents) AS cents FROM payments";

/** An effect and its commit happen both or not at all (S26), where the store has transactions. */
export function transactionContract(name: string, factory: StoreFactory): void {
  storeTest(name, "ctx.tx works or is refused by capability", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const transaction = backend.runs.transact(
      async () => 1,
      () => stepCommit(2),
    );
    if (backend.runs.capabilities.transactions) assert.equal((await transaction).kind, "committed");
    else await assert.rejects(transaction, CapabilityError);
  });

  registerEffects(name, factory);
  registerIsolation(name, factory);
  registerRefusals(name, factory);
}

/** Registers a case for stores with transactions; on others it only checks that they say so. */
function transactionTest(
  name: string,
  promise: string,
  factory: StoreFactory,
  body: (backend: StoreBackend) => Promise<void>,
): void {
  storeTest(name, promise, factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    if (!backend.runs.capabilities.transactions) {
      const refused = backend.runs.transact(
        async () => null,
        () => stepCommit(2),
      );
      return assert.rejects(refused, CapabilityError);
    }
    await backend.runs.transact(
      async (sql) => (await sql.run(createTable)).changes,
      () => stepCommit(2),
    );
    await body(backend);
  });
}

function registerEffects(name: string, factory: StoreFactory): void {
  transactionTest(name, "an effect and its commit are stored together", factory, async (backend) => {
    const result = await backend.runs.transact(
      async (sql) => {
        assert.equal((await sql.run(pay, ["a", 5])).changes, 1);
        return (await sql.all(sum))[0] as Json;
      },
      (value) => stepCommit(3, { delta: JSON.stringify(value) }),
    );
    assert.deepEqual(result, { kind: "committed" });
    assert.deepEqual(await deltasOf(backend), ['{"n":2}', '{"payments":1,"cents":5}']);
    assert.deepEqual(await payments(backend, 4), { payments: 1, cents: 5 });
  });

  transactionTest(name, "what the effect throws undoes it and is passed on", factory, async (backend) => {
    const trouble = new RangeError("no money");
    await assert.rejects(
      backend.runs.transact(
        async (sql) => {
          await sql.run(pay, ["a", 5]);
          throw trouble;
        },
        () => stepCommit(3),
      ),
      (error) => error === trouble,
    );
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });

  transactionTest(name, "a fenced commit undoes the effect", factory, async (backend) => {
    const result = await backend.runs.transact(
      async (sql) => (await sql.run(pay, ["a", 5])).changes,
      () => stepCommit(9),
    );
    assert.equal(result.kind, "fenced");
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });
}

function registerIsolation(name: string, factory: StoreFactory): void {
  transactionTest(name, "commits given during a transaction wait their turn", factory, async (backend) => {
    await commitAll(backend, [startCommit({ runId: "run-2" })]);
    const order: string[] = [];
    let others: PromiseLike<unknown> | undefined;
    await backend.runs.transact(
      async (sql) => {
        const commit = backend.runs.commit([stepCommit(2, { runId: "run-2" })]);
        others = Promise.resolve(commit).then(() => order.push("commit"));
        await sql.run(pay, ["a", 5]);
        const head = await backend.runs.readHead("default", "run-2");
        assert.equal(head?.seq, 1);
        await sql.run(pay, ["b", 5]);
        order.push("effect");
        return null;
      },
      () => stepCommit(3),
    );
    await others;
    assert.deepEqual(order, ["effect", "commit"]);
    assert.equal((await backend.runs.readHead("default", "run-2"))?.seq, 2);
  });

  transactionTest(name, "an open transaction is not seen by readers", factory, async (backend) => {
    await backend.runs.transact(
      async (sql) => {
        await sql.run(pay, ["a", 5]);
        assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 2);
        assert.deepEqual(await deltasOf(backend), ['{"n":2}']);
        return null;
      },
      () => stepCommit(3),
    );
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 3);
  });
}

function registerRefusals(name: string, factory: StoreFactory): void {
  const refused = [
    "SELECT * FROM af_runs",
    "UPDATE AF_RUNS SET seq = 0",
    "DROP TABLE af_steps",
    "CREATE TABLE af_mine (x INTEGER)",
    "CREATE TRIGGER mine AFTER INSERT ON af_steps BEGIN SELECT 1; END",
    "WITH x AS (SELECT tenant FROM af_origins) SELECT * FROM x",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT mine",
    "ATTACH DATABASE 'other.db' AS other",
    "PRAGMA journal_mode = DELETE",
  ];
  for (const statement of refused) {
    transactionTest(name, `ctx.tx refuses ${statement}`, factory, async (backend) => {
      await assert.rejects(
        backend.runs.transact(
          async (sql) => {
            await sql.run(pay, ["a", 5]);
            return (await sql.run(statement)).changes;
          },
          () => stepCommit(3),
        ),
        (error) => error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID",
      );
      assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
    });
  }

  transactionTest(name, "SQL that the database refuses is a typed error", factory, async (backend) => {
    for (const statement of ["SELECT FROM", "INSERT INTO payments (id) VALUES (1)"]) {
      const work = async (sql: TransactionSql) => (await sql.all(statement)).length;
      await assert.rejects(
        backend.runs.transact(work, () => stepCommit(3)),
        (error) => error instanceof AgentFlowError && error.code === "AF_STORE_FAILED",
      );
    }
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });

  transactionTest(name, "statements after the end of a transaction are refused", factory, async (backend) => {
    let kept: TransactionSql | undefined;
    await backend.runs.transact(
      async (sql) => {
        kept = sql;
        return null;
      },
      () => stepCommit(3),
    );
    await assert.rejects(async () => kept?.run(pay, ["a", 5]), ValidationError);
    assert.deepEqual(await payments(backend, 4), { payments: 0, cents: null });
  });
}

/** Sums the payments in a transaction of its own, which commits as `seq`. */
async function payments(backend: StoreBackend, seq: number): Promise<unknown> {
  let found: unknown;
  const result = await backend.runs.transact(
    async (sql) => {
      [found] = await sql.all(sum);
      return null;
    },
    () => stepCommit(seq),
  );
  assert.equal(result.kind, "committed");
  return found;
}
