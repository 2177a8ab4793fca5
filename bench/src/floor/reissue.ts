import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { RecordedCall, StatementLog } from "./statement-log.ts";

/** A recorded part, ready to be issued again. */
export interface Reissue {
  /** Issues the measured part once: a bare loop over prepared statements and recorded values. */
  readonly measured: () => void;
  readonly close: () => void;
}

/** Opens a fresh database at `path`, applies the recorded set-up and prepares the measured part. */
export function prepareReissue(log: StatementLog, path: string, synchronous: "NORMAL" | "FULL"): Reissue {
  const database = new DatabaseSync(path);
  for (const call of log.setup) issuer(call, database, new Map())();
  database.exec(`PRAGMA synchronous = ${synchronous}`);
  const statements = new Map<string, StatementSync>();
  const measured = log.measured.map((call) => issuer(call, database, statements));
  return {
    measured: () => {
      for (const issue of measured) issue();
    },
    close: () => database.close(),
  };
}

function issuer(
  { kind, sql, arrays, values: recorded }: RecordedCall,
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
