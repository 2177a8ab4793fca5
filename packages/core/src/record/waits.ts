import type { Position } from "./rows.ts";
import type { RunStatus } from "./run-head.ts";

/** Where a step began to wait: its position, and the index of the journal entry that says so. */
export interface WaitKey extends Position {
  readonly entry: number;
}

/** A step waits for something from outside (S13). The row is there for as long as it does, to be found over all runs. */
export interface WaitRow extends WaitKey {
  /** The kind of inbox row that ends it. */
  readonly kind: "answer" | "event";
  /** Interrupt id, or the key of the event. */
  readonly key: string;
  /** When the step asked or began to wait, and when it goes on without: wall-clock milliseconds. */
  readonly at: number;
  readonly deadline: number | undefined;
}

/** What a commit changes about what its run waits for. No key is in both lists. */
export interface WaitChanges {
  /** Rows to be there; one that is there already is replaced. */
  readonly begun: readonly WaitRow[];
  /** Rows to be gone; one that is not there is none. */
  readonly ended: readonly WaitKey[];
  /** The run waits for nothing any more: all of its rows go. */
  readonly none?: true;
}

/** An interrupt that waits for its answer. */
export interface OpenInterrupt extends WaitKey {
  readonly tenant: string;
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Interrupt id: `stepId#name[nth]`. */
  readonly id: string;
  readonly name: string;
  readonly node: string;
  /** Canonical JSON of what is asked, or a blob's SHA-256 when `ref` is true. */
  readonly payload: string;
  readonly ref: boolean;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly deadline: number | undefined;
}
