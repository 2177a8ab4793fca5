import { DatabaseSync, StatementSync } from "node:sqlite";
import { copyValues, type RecordedCall } from "./statement-log.ts";

type Call = (this: object, ...values: unknown[]) => unknown;

/**
 * Records every call that this thread issues through node:sqlite from now on, in order, with its values. It wraps the
 * methods of the two classes, so that it sees a store's own statements without a hook in the store; a process that
 * records does nothing else. Transactions appear as the statements they are. Returns the growing list.
 */
export function recordStatements(): RecordedCall[] {
  const calls: RecordedCall[] = [];
  const databases = new Map<object, number>();
  const statementDatabases = new WeakMap<object, number>();
  const databaseNumber = (database: object): number => {
    const known = databases.get(database);
    if (known !== undefined) return known;
    databases.set(database, databases.size);
    return databases.size - 1;
  };

  wrap(
    DatabaseSync.prototype,
    "prepare",
    (original) =>
      function prepare(this: object, ...values) {
        const statement = original.apply(this, values) as object;
        statementDatabases.set(statement, databaseNumber(this));
        return statement;
      },
  );
  wrap(
    DatabaseSync.prototype,
    "exec",
    (original) =>
      function exec(this: object, ...values) {
        calls.push({ database: databaseNumber(this), kind: "exec", sql: String(values[0]), values: [] });
        return original.apply(this, values);
      },
  );
  for (const kind of ["run", "get", "all", "iterate"] as const) {
    wrap(
      StatementSync.prototype,
      kind,
      (original) =>
        function issue(this: object, ...values) {
          const database = statementDatabases.get(this) ?? 0;
          const { sourceSQL } = this as StatementSync;
          calls.push({ database, kind, sql: sourceSQL, values: copyValues(values) });
          return original.apply(this, values);
        },
    );
  }
  return calls;
}

function wrap(prototype: object, name: string, wrapper: (original: Call) => Call): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== "function") throw new Error(`node:sqlite has no method ${name}`);
  Reflect.set(prototype, name, wrapper(original as Call));
}
