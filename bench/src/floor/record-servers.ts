import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { nowMs, type ServerCall } from "./statement-log.ts";

type Send = (this: object, query: unknown, values?: unknown, ...rest: unknown[]) => unknown;
// A database is made and dropped around the work by the benchmark itself: whoever re-issues the work has its own.
const placeStatement = /^(CREATE|DROP) DATABASE /;

type Prototype = Record<"query" | "execute", Send>;

// The drivers as the store loads them.
const load = createRequire(fileURLToPath(new URL("../../../packages/store/src/index.ts", import.meta.url)));

/** Records every call that pg sends from now on, and returns the list that grows. */
export function recordPostgres(): readonly ServerCall[] {
  const { Client } = load("pg") as { readonly Client: { readonly prototype: Prototype } };
  return record(Client.prototype, ["query"]);
}

/** Records every call that mysql2 sends from now on, and returns the list that grows. */
export function recordMysql(): readonly ServerCall[] {
  const { Connection } = load("mysql2") as { readonly Connection: { readonly prototype: Prototype } };
  return record(Connection.prototype, ["query", "execute"]);
}

function record(prototype: Prototype, methods: readonly ServerCall["method"][]): readonly ServerCall[] {
  const calls: ServerCall[] = [];
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  for (const method of methods) {
    const send = prototype[method];
    prototype[method] = function (query, values, ...rest) {
      if (placeStatement.test(String(query))) return send.call(this, query, values, ...rest);
      const connection = numbers.get(this) ?? connections++;
      numbers.set(this, connection);
      calls.push({
        at: nowMs(),
        connection,
        method,
        query: plainQuery(query),
        values: Array.isArray(values) ? [...values] : undefined,
      });
      return send.call(this, query, values, ...rest);
    };
  }
  return calls;
}

/** What of a query can be kept: data, without the functions that a driver puts beside it. */
function plainQuery(query: unknown): unknown {
  if (typeof query !== "object" || query === null) return query;
  const fields = Object.entries(query).filter(([, value]) => typeof value !== "function");
  return Object.fromEntries(fields.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]));
}
