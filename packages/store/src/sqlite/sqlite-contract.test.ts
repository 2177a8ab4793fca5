import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StoreFactory, storeContract } from "@agentflow/contracts";
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

const stores = {
  "sqlite normal": sqlite("normal"),
  "sqlite strict": sqlite("strict"),
  "sqlite batched": sqlite({ batchedMs: 5 }),
};
for (const [name, factory] of Object.entries(stores)) {
  storeContract(name, factory);
}
