import type { SQLInputValue } from "node:sqlite";

/** One call on a database, as it was issued: a script, or a prepared statement with its values. */
export interface RecordedCall {
  readonly kind: "exec" | "run" | "get" | "all" | "iterate";
  readonly sql: string;
  /** Whether rows came as arrays. */
  readonly arrays: boolean;
  readonly values: readonly RecordedValue[];
}

/** A value bound to a statement: positional, or an object of named ones. */
export type RecordedValue = SQLInputValue | Readonly<Record<string, SQLInputValue>>;

/** What an engine issued: before the measured part (schema, settings, warm-up) and in it, in order. */
export interface StatementLog {
  readonly setup: readonly RecordedCall[];
  readonly measured: readonly RecordedCall[];
}

/** The values as they were at the call, also if the caller reuses its buffers or objects. */
export function copyValues(values: readonly unknown[]): RecordedValue[] {
  return values.map((value) => structuredClone(value) as RecordedValue);
}
