import { after, test } from "node:test";
import {
  commitContract,
  durabilityContract,
  type StoreFactory,
  type StoreSql,
  storeContract,
} from "@agentflow/contracts";
import { temporaryDatabase } from "../../../../tests/mysql-database.ts";
import { service } from "../../../../tests/services.ts";
import type { StoreDurability } from "../store-durability.ts";
import { openMysql } from "./open-mysql.ts";

const sql: StoreSql = {
  placeholder: () => "?",
  refused: [
    "/* a */ commit",
    "# a\ncommit",
    "/*!commit*/",
    "SET autocommit = 1",
    "CREATE TABLE mine (x INT)",
    "LOCK TABLES payments WRITE",
    "SELECT * FROM `af_runs`",
    "SELECT '\\'' , r.* FROM af_runs r WHERE 'x' = 'x'",
  ],
};

const tables =
  "origins runs removed exports definitions steps journal attempts marks snapshots blobs inbox owners queued schedules".split(
    " ",
  );

/** Stores in one database, which is emptied in between: tables are slow to make. */
async function mysql(): Promise<(durability: StoreDurability) => StoreFactory> {
  const database = await temporaryDatabase();
  after(() => database.drop());
  const empty = [
    ...tables.map((name) => `DELETE FROM af_${name}`),
    "UPDATE af_rounds SET at = 0",
    "DROP TABLE IF EXISTS payments",
  ];
  return (durability) => async () => {
    const open = () => openMysql({ url: database.url, durability, connectionsMax: 4 });
    let backend = await open();
    return {
      backend,
      execute: (statement) => database.execute(statement),
      async reopen() {
        await backend.runs.close();
        backend = await open();
        return backend;
      },
      async dispose() {
        await backend.runs.close();
        await database.execute(...empty);
      },
    };
  };
}

const { skip } = await service("mariadb");
if (skip !== false) test("mysql: the contract of run stores", { skip }, () => undefined);
else {
  const stores = await mysql();
  storeContract("mysql normal", stores("normal"), sql);
  storeContract("mysql strict", stores("strict"), sql);
  commitContract("mysql batched", stores({ batchedMs: 2 }));
  durabilityContract("mysql batched", stores({ batchedMs: 2 }));
}
