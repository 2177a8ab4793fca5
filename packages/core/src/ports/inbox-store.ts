/** Something sent to a run from outside: an answer, an event or a control signal (S13, S21). */
export interface InboxRow {
  /** Grows per run; the owner consumes in this order. */
  readonly id: number;
  readonly kind: "answer" | "event" | "cancel" | "pause" | "resume";
  /** Interrupt id, event key, or "" for control signals. */
  readonly key: string;
  readonly value: string;
  /** Who sent it. */
  readonly by: string | undefined;
  readonly at: number;
}

/** A run's inbox. Rows are kept; the journal says which were consumed. */
export interface InboxStore {
  /**
   * Adds a row. An answer to an interrupt is unique by key: a second one returns `answered` with the row that
   * won and changes nothing (S13).
   */
  put(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly row: Omit<InboxRow, "id">;
  }): Promise<{ readonly kind: "stored" | "answered"; readonly row: InboxRow }>;
  /** Rows above `afterId`, in order. */
  read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]>;
}
