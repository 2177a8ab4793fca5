import { DatabaseSync, type StatementSync } from "node:sqlite";
import { copyValues, type RecordedCall } from "./statement-log.ts";

type Call = (...values: unknown[]) => unknown;

/**
 * A database that adds every call issued through it to `calls`, in order and with its values, and passes it on. A
 * store that lets its opening function be given needs nothing else to be recorded; transactions appear as the
 * statements they are.
 */
export class RecordingDatabase extends DatabaseSync {
  readonly #calls: RecordedCall[];

  constructor(path: string, calls: RecordedCall[]) {
    super(path);
    this.#calls = calls;
  }

  override exec(sql: string): void {
    this.#calls.push({ kind: "exec", sql, arrays: false, values: [] });
    super.exec(sql);
  }

  override prepare(sql: string): StatementSync {
    const calls = this.#calls;
    const statement = super.prepare(sql);
    let arrays = false;
    const returnArrays = statement.setReturnArrays.bind(statement);
    statement.setReturnArrays = (enabled) => {
      arrays = enabled;
      returnArrays(enabled);
    };
    for (const kind of ["run", "get", "all", "iterate"] as const) {
      const issue = statement[kind].bind(statement) as Call;
      const record: Call = (...values) => {
        calls.push({ kind, sql, arrays, values: copyValues(values) });
        return issue(...values);
      };
      Object.defineProperty(statement, kind, { value: record });
    }
    return statement;
  }
}
