import type { Json } from "../encoding/json.ts";

/** One of the writes that conflict, in order-key order. */
export interface ConflictingWrite {
  readonly node: string;
  readonly stepId: string;
  readonly value: Json;
}

/** Two or more steps of one superstep that wrote one field, or one key of an object merge (S18). */
export interface Conflict {
  readonly field: string;
  /** The key of an object merge; absent when the whole field conflicts. */
  readonly key?: string;
  /** The value before the superstep; undefined if there was none. */
  readonly before: Json | undefined;
  readonly writes: readonly ConflictingWrite[];
}

/** Settles conflicts with a function of one's own; values are encoded JSON. */
export interface MergeHook {
  /** `name@version`: part of the fingerprint, because the function itself is not (S19). */
  readonly id: string;
  /** The value that the field, or its key, gets. Pure. */
  merge(conflict: Conflict): Json;
}

/** What happens on a conflict: the seal fails (default), the last write in order-key order counts, or a hook decides. */
export type ConflictPolicy = "fail" | "lastWriterWins" | MergeHook;
