import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { serialize } from "node:v8";
import { isMainThread, threadId } from "node:worker_threads";
import { nowMs, type SqliteCall, type SqliteValue } from "./statement-log.ts";

type Method = (this: StatementSync, ...values: unknown[]) => unknown;

/**
 * Records every call on every SQLite database of this thread from now on, in order and with its values, and returns
 * the list that grows. Transactions appear as the statements they are. A thread other than the main one writes its
 * list into `directory` when it closes a database.
 */
export function recordSqlite(directory: string): readonly SqliteCall[] {
  const calls: SqliteCall[] = [];
  const withArrays = new WeakSet<StatementSync>();
  const database = DatabaseSync.prototype;
  const statement = StatementSync.prototype;

  const { exec, close } = database;
  database.exec = function (sql) {
    // Copying the log into the file is outside the floor and what is measured against it.
    if (!sql.includes("wal_checkpoint"))
      calls.push({ at: nowMs(), kind: "exec", sql, arrays: false, values: [] });
    exec.call(this, sql);
  };
  database.close = function () {
    if (!isMainThread) writeFileSync(join(directory, `thread-${threadId}.calls`), serialize(calls));
    close.call(this);
  };

  const { setReturnArrays } = statement;
  statement.setReturnArrays = function (enabled) {
    if (enabled) withArrays.add(this);
    else withArrays.delete(this);
    setReturnArrays.call(this, enabled);
  };
  for (const kind of ["run", "get", "all", "iterate"] as const) {
    const issue = statement[kind] as Method;
    const record: Method = function (...values) {
      const sql = this.sourceSQL;
      if (!sql.includes("wal_checkpoint"))
        calls.push({ at: nowMs(), kind, sql, arrays: withArrays.has(this), values: values.map(copyValue) });
      return issue.apply(this, values);
    };
    Object.defineProperty(statement, kind, { value: record });
  }
  return calls;
}

/** The value as it is now, also if the caller uses its buffer or object again. */
function copyValue(value: unknown): SqliteValue {
  return (typeof value === "object" ? structuredClone(value) : value) as SqliteValue;
}
