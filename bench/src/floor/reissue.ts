import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { RecordedCall, StatementLog } from "./statement-log.ts";

/** A recorded part, ready to be issued again on its databases with prepared statements. */
export interface Reissue {
  /** Issues the measured part once: a bare loop over prepared statements and recorded values. */
  readonly measured: () => void;
  readonly close: () => void;
}

/** Opens fresh databases in the folder, applies the recorded set-up and prepares the measured part. */
export function prepareReissue(
  log: StatementLog,
  directory: string,
  synchronous: "NORMAL" | "FULL",
): Reissue {
  const databases = new Map<number, DatabaseSync>();
  const database = (id: number): DatabaseSync => {
    const opened = databases.get(id) ?? new DatabaseSync(join(directory, `floor-${id}.db`));
    databases.set(id, opened);
    return opened;
  };

  for (const call of log.setup) {
    const opened = database(call.database);
    issuer(call, opened, (sql) => opened.prepare(sql))();
  }
  for (const opened of databases.values()) opened.exec(`PRAGMA synchronous = ${synchronous}`);

  const statements = new Map<string, StatementSync>();
  const measured = log.measured.map((call) => {
    const opened = database(call.database);
    return issuer(call, opened, (sql) => {
      const key = `${call.database}:${sql}`;
      const prepared = statements.get(key) ?? opened.prepare(sql);
      statements.set(key, prepared);
      return prepared;
    });
  });
  return {
    measured: () => {
      for (const issue of measured) issue();
    },
    close: () => {
      for (const opened of databases.values()) opened.close();
    },
  };
}

function issuer(
  call: RecordedCall,
  opened: DatabaseSync,
  prepare: (sql: string) => StatementSync,
): () => void {
  if (call.kind === "exec") return () => opened.exec(call.sql);
  const statement = prepare(call.sql);
  const values = call.values as SQLInputValue[];
  switch (call.kind) {
    case "run":
      return () => void statement.run(...values);
    case "get":
      return () => void statement.get(...values);
    case "all":
    case "iterate":
      return () => void statement.all(...values);
  }
}
