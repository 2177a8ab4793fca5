import type { Durability } from "./run-store.ts";

/**
 * Something sent to a run from outside: an answer, an event or a control signal (S13, S21). `resume` asks whoever knows
 * the workflow to go on with a run that was paused, parked or failed. An answer that its interrupt did not accept is
 * `refused`: it is kept, and counts no more.
 */
export interface InboxRow {
  /** Grows per run; the owner consumes in this order. */
  readonly id: number;
  readonly kind: "answer" | "refused" | "event" | "cancel" | "pause" | "resume";
  /** Interrupt id, event key, or "" for control signals. */
  readonly key: string;
  readonly value: string;
  /** Who sent it. */
  readonly by: string | undefined;
  readonly at: number;
}

/** The sender of the row that ends an interrupt whose deadline has passed: the first row counts, like any answer (S13). */
export const deadlineSender = "agentflow:deadline";

/** A run's inbox. Rows are kept; the journal says which were consumed. */
export interface InboxStore {
  /**
   * Adds a row. An answer to an interrupt is unique by key: a second one returns `answered` with the row that
   * won and changes nothing (S13). A released run that the row wakes is due from `row.at` on (`wakesRun`).
   */
  put(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly row: Omit<InboxRow, "id">;
    /** What the row must survive once this resolves: the level of its run; absent: the store's default (S5). */
    readonly durability?: Durability | undefined;
  }): Promise<{ readonly kind: "stored" | "answered"; readonly row: InboxRow }>;
  /** Turns an answer into one that is `refused`, so that its interrupt takes another; any other row is left as it is. */
  refuse(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly id: number;
    readonly durability?: Durability | undefined;
  }): Promise<void>;
  /** Of these runs, those that have rows, with the id of the newest. */
  newest(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Rows above `afterId`, in order. */
  read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]>;
}
