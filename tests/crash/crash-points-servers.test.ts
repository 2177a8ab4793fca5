import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { StoreBackend } from "@agentflow/core";
import { openMysql, openPostgres } from "@agentflow/store";
import { temporaryDatabase } from "../mysql-database.ts";
import { temporarySchema } from "../postgres-schema.ts";
import { service } from "../services.ts";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { ledgerTable, withLedgerSql } from "./ledger-sql.ts";
import { walkCrossings } from "./process/walk-crossings.ts";

/** Opens one store for all cases of a server, which differ by tenant. */
function once(open: () => Promise<StoreBackend>): () => Promise<StoreBackend> {
  let opened: Promise<StoreBackend> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

const cleanUp: (() => Promise<void>)[] = [];
after(async () => {
  for (const step of cleanUp.reverse()) await step();
});

async function opened(drop: () => Promise<void>, backend: Promise<StoreBackend>): Promise<StoreBackend> {
  cleanUp.push(drop, async () => (await backend).runs.close());
  return backend;
}

const servers = [
  {
    name: "PostgreSQL",
    needed: await service("postgres"),
    open: once(async () => {
      const { url, execute, drop } = await temporarySchema();
      await execute(ledgerTable);
      return withLedgerSql(await opened(drop, openPostgres({ url })), "postgres");
    }),
  },
  {
    name: "MariaDB",
    needed: await service("mariadb"),
    open: once(async () => {
      const { url, execute, drop } = await temporaryDatabase();
      await execute(ledgerTable);
      return withLedgerSql(await opened(drop, openMysql({ url })), "mysql");
    }),
  },
];

for (const { name: server, needed, open } of servers) {
  for (const makeCase of corpus) {
    const { name } = describeCase(makeCase);
    test(
      `${name}: a process that fails at any moment changes nothing (${server})`,
      needed,
      async (context) => {
        const backend = await open();
        let places = 0;
        const { points, failures } = await walkCrossings({
          makeCase,
          kinds: ["crashAfter", "loseAcknowledgement"],
          nextPlace: () => ({ backend, tenant: `${name}-${places++}` }),
        });
        context.diagnostic(`${points} moments`);
        assert.deepEqual(failures, []);
      },
    );
  }
}
