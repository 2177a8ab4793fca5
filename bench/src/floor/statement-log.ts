import type { SQLInputValue } from "node:sqlite";

/** The stores that have a floor. */
export type FloorStore = "sqlite" | "postgres" | "mysql";

interface Call {
  /** When it was issued, in milliseconds of the epoch: calls of several threads are put in order by it. */
  readonly at: number;
}

/** One call on a SQLite database, as it was issued: a script, or a prepared statement with its values. */
export interface SqliteCall extends Call {
  readonly kind: "exec" | "run" | "get" | "all" | "iterate";
  readonly sql: string;
  /** Whether rows came as arrays. */
  readonly arrays: boolean;
  readonly values: readonly SqliteValue[];
}

/** A value bound to a SQLite statement: positional, or an object of named ones. */
export type SqliteValue = SQLInputValue | Readonly<Record<string, SQLInputValue>>;

/** One call on a connection to a server, with what the driver was given: a text, or a query with its values. */
export interface ServerCall extends Call {
  /** Number of the connection, in the order of first use. */
  readonly connection: number;
  /** mysql2 sends a text by `query` and a prepared statement by `execute`; pg knows `query` alone. */
  readonly method: "query" | "execute";
  readonly query: unknown;
  readonly values: readonly unknown[] | undefined;
}

interface Log<Store extends FloorStore, Issued extends Call> {
  readonly store: Store;
  /** Before the measured part: schema, settings, warm-up. */
  readonly setup: readonly Issued[];
  readonly measured: readonly Issued[];
}

/** What an engine issued, in order. */
export type StatementLog = Log<"sqlite", SqliteCall> | Log<"postgres" | "mysql", ServerCall>;

/** The measured part begins with the first call issued at or after `measuredAt`. */
export function splitCalls<Issued extends Call>(calls: readonly Issued[], measuredAt: number) {
  const ordered = calls.toSorted((a, b) => a.at - b.at);
  const first = ordered.findIndex(({ at }) => at >= measuredAt);
  return first === -1
    ? { setup: ordered, measured: [] }
    : { setup: ordered.slice(0, first), measured: ordered.slice(first) };
}

/** This moment, comparable between the threads of a process. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
