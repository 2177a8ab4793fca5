import { after, test } from "node:test";
import {
  commitContract,
  durabilityContract,
  type StoreFactory,
  type StoreSql,
  storeContract,
} from "@agentflow/contracts";
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

const tables =
  "origins runs removed exports definitions steps journal attempts marks snapshots blobs inbox owners queued schedules".split(
    " ",
  );

/** Stores in one schema, which is emptied in between: tables are slow to make. */
async function postgres(): Promise<(durability: StoreDurability) => StoreFactory> {
  const schema = await temporarySchema();
  after(() => schema.drop());
  const empty = [
    ...tables.map((name) => `DELETE FROM af_${name}`),
    "UPDATE af_rounds SET at = 0",
    "DROP TABLE IF EXISTS payments",
  ].join(";");
  return (durability) => async () => {
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
        await schema.execute(empty);
      },
    };
  };
}

const { skip } = await service("postgres");
if (skip !== false) test("postgres: the contract of run stores", { skip }, () => undefined);
else {
  const stores = await postgres();
  storeContract("postgres normal", stores("normal"), sql);
  storeContract("postgres strict", stores("strict"), sql);
  commitContract("postgres batched", stores({ batchedMs: 2 }));
  durabilityContract("postgres batched", stores({ batchedMs: 2 }));
}
