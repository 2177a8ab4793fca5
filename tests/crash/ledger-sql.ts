import { interceptBackend } from "@agentflow/contracts";
import type { RunStore, StoreBackend, TransactionSql } from "@agentflow/core";
import type { StoreName } from "../store-place.ts";

/** The table of the corpus' own rows, which on a server is made before; without a key, so that a doubled row shows. */
export const ledgerTable = "CREATE TABLE ledger (salt VARCHAR(64), entry VARCHAR(64))";

/** Lets the corpus, whose effects are in the SQL of SQLite, write them on a server, where the table is there already. */
export function withLedgerSql(backend: StoreBackend, store: StoreName): StoreBackend {
  if (store === "sqlite") return backend;
  const translate = store === "postgres" ? numbered : (sql: string) => sql;
  const { runs, ...others } = interceptBackend(backend, (_, work) => work());
  const translated = (sql: TransactionSql): TransactionSql => ({
    all: (text, parameters) => sql.all(translate(text), parameters),
    run: async (text, parameters) =>
      text.startsWith("CREATE TABLE") ? { changes: 0 } : sql.run(translate(text), parameters),
  });
  const transact: RunStore["transact"] = (work, finish, durability) =>
    runs.transact((sql) => work(translated(sql)), finish, durability);
  return { ...others, runs: { ...runs, transact } };
}

function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll("?", () => `$${++count}`);
}
