import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { type Json, type StoreBackend, StoreUnavailableError } from "@agentflow/core";
import { type ServiceName, service } from "../../../../tests/services.ts";
import { rowsIn, type StoreName, temporaryPlace } from "../../../../tests/store-place.ts";
import { openStore } from "../open-store.ts";
import { type LossyProxy, lossyProxy } from "./lossy-proxy.fixture.ts";

interface Server {
  readonly store: Exclude<StoreName, "sqlite">;
  readonly service: ServiceName;
  readonly port: number;
  readonly insert: string;
}

const servers: readonly Server[] = [
  { store: "postgres", service: "postgres", port: 5432, insert: "INSERT INTO effects VALUES ($1)" },
  { store: "mysql", service: "mariadb", port: 3306, insert: "INSERT INTO effects VALUES (?)" },
];

// More than a transaction has: the last of them hit nothing of it.
const messages = [1, 2, 3, 4, 5, 6, 7];

interface Setting {
  readonly backend: StoreBackend;
  readonly proxy: LossyProxy;
  /** The numbers that are stored. */
  effects(): Promise<readonly number[]>;
}

async function settingFor(context: TestContext, { store, port }: Server): Promise<Setting> {
  const place = await temporaryPlace(store, "");
  context.after(() => place.drop());
  await place.rows("CREATE TABLE effects (n INTEGER PRIMARY KEY)");
  const proxy = await lossyProxy(context, port);
  const backend = await openStore(place.url.replace(`:${port}`, `:${proxy.port}`));
  context.after(() => backend.runs.close());
  await backend.runs.commit([startCommit()]);
  const effects = async (): Promise<readonly number[]> =>
    (await rowsIn(place, "SELECT n FROM effects ORDER BY n")).map(({ n }) => Number(n));
  return { backend, proxy, effects };
}

for (const server of servers) {
  const needed = await service(server.service);
  for (const lost of ["loseAnswer", "loseRequest"] as const) {
    test(
      `an effect and its commit happen once, at whichever message the connection breaks (${server.store}, ${lost})`,
      needed,
      async (context) => {
        const { backend, proxy, effects } = await settingFor(context, server);
        let executions = 0;
        for (const nth of messages) {
          const seq = nth + 1;
          proxy[lost](nth);
          const { kind } = await backend.runs.transact(
            async (sql): Promise<Json> => {
              executions += 1;
              await sql.run(server.insert, [seq]);
              return seq;
            },
            () => stepCommit(seq),
          );
          assert.ok(kind === "committed" || kind === "duplicate", kind);
          assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, seq);
        }
        assert.deepEqual(
          await effects(),
          messages.map((nth) => nth + 1),
        );
        assert.ok(executions > messages.length, "no transaction was executed again");
      },
    );
  }

  test(
    `a repetition that comes to another value leaves the run as it is stored (${server.store})`,
    needed,
    async (context) => {
      const { backend, proxy, effects } = await settingFor(context, server);
      let executions = 0;
      let told: unknown;
      for (const nth of messages) {
        if (told !== undefined) break;
        const seq = nth + 1;
        const before = await effects();
        proxy.loseRequest(nth);
        const transacted = backend.runs.transact(
          async (sql): Promise<Json> => {
            executions += 1;
            await sql.run(server.insert, [seq]);
            return executions;
          },
          () => stepCommit(seq),
        );
        told = await transacted.then(
          () => undefined,
          (error: unknown) => error,
        );
        if (told === undefined) continue;
        assert.deepEqual(await effects(), before);
        assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, seq - 1);
      }
      assert.ok(told instanceof StoreUnavailableError, "no COMMIT was lost on its way");
    },
  );

  test(
    `what a workflow throws in its transaction is not repeated (${server.store})`,
    needed,
    async (context) => {
      const { backend, effects } = await settingFor(context, server);
      let executions = 0;
      const own = new StoreUnavailableError("another store");
      const transacted = backend.runs.transact(
        async (sql) => {
          executions += 1;
          await sql.run(server.insert, [1]);
          throw own;
        },
        () => stepCommit(2),
      );
      await assert.rejects(transacted, own);
      assert.equal(executions, 1);
      assert.deepEqual(await effects(), []);
    },
  );
}
