import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  commitContract,
  inboxContract,
  readingContract,
  type StoreFactory,
  sqliteSql,
  storeContract,
  transactionContract,
} from "@agentflow/contracts";
import { openSqlite, type SqliteDurability } from "./open-sqlite.ts";

function sqlite(durability: SqliteDurability): StoreFactory {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-store-"));
    const open = () => openSqlite({ path: join(folder, "store", "agentflow.db"), durability });
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
        rmSync(folder, { recursive: true });
      },
    };
  };
}

storeContract("sqlite normal", sqlite("normal"));
storeContract("sqlite strict", sqlite("strict"));
// What differs from `strict` is when a commit is acknowledged.
const batched = sqlite({ batchedMs: 5 });
commitContract("sqlite batched", batched);
readingContract("sqlite batched", batched);
inboxContract("sqlite batched", batched);
transactionContract("sqlite batched", batched, sqliteSql);
