import { test } from "node:test";
import { commitContract, type StoreFactory, type StoreSql, storeContract } from "@agentflow/contracts";
import { temporarySchema } from "../../../../tests/postgres-schema.ts";
import { service } from "../../../../tests/services.ts";
import type { StoreDurability } from "../store-durability.ts";
import { openPostgres } from "./open-postgres.ts";

const sql: StoreSql = {
  placeholder: (nth) => `$${nth}`,
  refused: [
    "/* a */ commit",
    "SET search_path = pg_catalog",
    'SELECT * FROM U&"\\0061f_runs"',
    'SELECT * FROM "af_runs"',
    "SELECT E'\\'' , * FROM af_runs WHERE 'x' = 'x'",
  ],
};

function postgres(durability: StoreDurability): StoreFactory {
  return async () => {
    const schema = await temporarySchema();
    const open = () => openPostgres({ url: schema.url, durability, connectionsMax: 4 });
    let backend = await open();
    return {
      backend,
      async reopen() {
        await backend.runs.close();
        backend = await open();
        return backend;
      },
      async dispose() {
        await backend.runs.close();
        await schema.drop();
      },
    };
  };
}

const { skip } = await service("postgres");
if (skip !== false) test("postgres: the contract of run stores", { skip }, () => undefined);
else {
  storeContract("postgres normal", postgres("normal"), sql);
  commitContract("postgres batched", postgres({ batchedMs: 2 }));
}
