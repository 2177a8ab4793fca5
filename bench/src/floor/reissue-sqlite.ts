import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Reissue } from "./reissue.ts";
import type { SqliteCall } from "./statement-log.ts";

/** Issues calls of all threads again over one connection to a fresh database at `path`. */
export function reissueSqlite(
  log: { readonly setup: readonly SqliteCall[]; readonly measured: readonly SqliteCall[] },
  path: string,
): Reissue {
  const database = new DatabaseSync(path);
  const statements = new Map<string, StatementSync>();
  for (const call of log.setup) issuer(call, database, statements)();
  const measured = log.measured.map((call) => issuer(call, database, statements));
  return {
    async measured() {
      for (const issue of measured) issue();
    },
    close: async () => database.close(),
  };
}

function issuer(
  { kind, sql, arrays, values: recorded }: SqliteCall,
  database: DatabaseSync,
  statements: Map<string, StatementSync>,
): () => void {
  if (kind === "exec") return () => database.exec(sql);
  const key = `${arrays} ${sql}`;
  const statement = statements.get(key) ?? database.prepare(sql);
  statement.setReturnArrays(arrays);
  statements.set(key, statement);
  const values = recorded as SQLInputValue[];
  switch (kind) {
    case "run":
      return () => void statement.run(...values);
    case "get":
      return () => void statement.get(...values);
    case "all":
    case "iterate":
      return () => void statement.all(...values);
  }
}
