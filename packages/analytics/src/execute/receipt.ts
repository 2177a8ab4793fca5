/** What answering a question took (OLP-11). */
export interface Receipt {
  /** Files of the fact table that were read, and that no row of the answer could come from. */
  readonly filesRead: number;
  readonly filesSkipped: number;
  /** The rollup that was read in place of the fact table, if one was. */
  readonly rollup?: string;
  /** Rows of the files that were read, before row groups are skipped. */
  readonly rowsInFiles: number;
  /** The size of these files, all columns included. */
  readonly bytesInFiles: number;
  /** Row groups of those files by whether their extremes allow a matching row; only with `profile`. */
  readonly rowGroups?: { readonly read: number; readonly skipped: number };
  /** Rows that the scans handed on; only with `profile`. */
  readonly rowsScanned?: number;
  /** What this process read while the question was answered, files in memory included; Linux only. */
  readonly bytesRead?: number;
  /**
   * How long it takes to add up the same columns of the same files and do nothing else, measured right after the answer:
   * what an answer from these files cannot fall much below. Only with `profile`, and not for a rollup.
   */
  readonly bareScanMs?: number;
  /** Time of all cores in this process meanwhile. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly resultRows: number;
}

/** A line of the query log. */
export interface QueryRecord {
  readonly queryId: string;
  /** When it began, in ISO form. */
  readonly timestamp: string;
  readonly sql: string;
  /** From asking to the answer, the wait included. */
  readonly durationMs: number;
  /** How long it waited for its turn. */
  readonly queuedMs: number;
  /** True if it was answered together with an equal question that was asked before it. */
  readonly shared: boolean;
  readonly resultRows: number;
  /** The code of the error, if it failed. */
  readonly failed?: string;
}
