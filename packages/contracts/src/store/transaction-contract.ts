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
import { type StoreFactory, type StoreSql, storeTest } from "./store-factory.ts";

/** The SQL of SQLite. */
export const sqliteSql: StoreSql = {
  placeholder: () => "?",
  refused: [
    "CREATE TRIGGER mine AFTER INSERT ON af_steps BEGIN SELECT 1; END",
    "ATTACH DATABASE 'other.db' AS other",
    "PRAGMA journal_mode = DELETE",
  ],
};

/** Runs a test body with a backend, and the statement that pays. */
type TransactionTest = (promise: string, body: (backend: StoreBackend, pay: string) => Promise<void>) => void;

const createTable = "CREATE TABLE payments (id VARCHAR(64) PRIMARY KEY, cents INTEGER NOT NULL)";
const sum = "SELECT count(*) AS payments, sum(cents) AS cents FROM payments";

/** An effect and its commit happen both or not at all (S26), where the store has transactions. */
export function transactionContract(name: string, factory: StoreFactory, sql: StoreSql = sqliteSql): void {
  storeTest(name, "ctx.tx works or is refused by capability", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const transaction = backend.runs.transact(
      async () => 1,
      () => stepCommit(2),
    );
    if (backend.runs.capabilities.transactions) assert.equal((await transaction).kind, "committed");
    else await assert.rejects(transaction, CapabilityError);
  });

  const transactionTest: TransactionTest = (promise, body) =>
    registerTransaction(name, promise, factory, (backend) => body(backend, payment(sql)));
  registerEffects(transactionTest);
  registerIsolation(transactionTest);
  registerRefusals(transactionTest, sql);
}

function payment({ placeholder }: StoreSql): string {
  return `INSERT INTO payments (id, cents) VALUES (${placeholder(1)}, ${placeholder(2)})`;
}

/** Registers a case for stores with transactions; on others it only checks that they say so. */
function registerTransaction(
  name: string,
  promise: string,
  factory: StoreFactory,
  body: (backend: StoreBackend) => Promise<void>,
): void {
  storeTest(name, promise, factory, async ({ backend, execute }) => {
    await commitAll(backend, [startCommit()]);
    if (!backend.runs.capabilities.transactions) {
      const refused = backend.runs.transact(
        async () => null,
        () => stepCommit(2),
      );
      return assert.rejects(refused, CapabilityError);
    }
    await execute?.(createTable);
    await backend.runs.transact(
      async (sql) => (execute === undefined ? (await sql.run(createTable)).changes : null),
      () => stepCommit(2),
    );
    await body(backend);
  });
}

function registerEffects(transactionTest: TransactionTest): void {
  transactionTest("an effect and its commit are stored together", async (backend, pay) => {
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

  transactionTest("what the effect throws undoes it and is passed on", async (backend, pay) => {
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

  transactionTest("a fenced commit undoes the effect", async (backend, pay) => {
    const result = await backend.runs.transact(
      async (sql) => (await sql.run(pay, ["a", 5])).changes,
      () => stepCommit(9),
    );
    assert.equal(result.kind, "fenced");
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });
}

function registerIsolation(transactionTest: TransactionTest): void {
  transactionTest("a commit given during a transaction is no part of it", async (backend, pay) => {
    await commitAll(backend, [startCommit({ runId: "run-2" })]);
    let other: PromiseLike<unknown> | undefined;
    const trouble = new RangeError("no money");
    const refused = backend.runs.transact(
      async (sql) => {
        other = Promise.resolve(backend.runs.commit([stepCommit(2, { runId: "run-2" })]));
        await sql.run(pay, ["a", 5]);
        throw trouble;
      },
      () => stepCommit(3),
    );
    await assert.rejects(refused, (error) => error === trouble);
    assert.deepEqual(await other, [{ kind: "committed" }]);
    assert.equal((await backend.runs.readHead("default", "run-2"))?.seq, 2);
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });

  transactionTest("an open transaction is not seen by readers", async (backend, pay) => {
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

function registerRefusals(transactionTest: TransactionTest, { refused: ownRefused }: StoreSql): void {
  const refused = [
    "SELECT * FROM af_runs",
    "UPDATE AF_RUNS SET seq = 0",
    "DROP TABLE af_steps",
    "CREATE TABLE af_mine (x INTEGER)",
    "WITH x AS (SELECT tenant FROM af_origins) SELECT * FROM x",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT mine",
    ...ownRefused,
  ];
  for (const statement of refused) {
    transactionTest(`ctx.tx refuses ${statement}`, async (backend, pay) => {
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

  transactionTest("SQL that the database refuses is a typed error", async (backend) => {
    for (const statement of ["SELECT FROM", "INSERT INTO payments (id) VALUES (1)"]) {
      const work = async (sql: TransactionSql) => (await sql.all(statement)).length;
      await assert.rejects(
        backend.runs.transact(work, () => stepCommit(3)),
        (error) => error instanceof AgentFlowError && error.code === "AF_STORE_FAILED",
      );
    }
    assert.deepEqual(await payments(backend, 3), { payments: 0, cents: null });
  });

  transactionTest("statements after the end of a transaction are refused", async (backend, pay) => {
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
