/** What answering a question took (OLP-11). */
export interface Receipt {
  /** Files of the fact table that were read, and that no row of the answer could come from. */
  readonly filesRead: number;
  readonly filesSkipped: number;
  /** Rows of the files that were read, before row groups are skipped. */
  readonly rowsInFiles: number;
  /** Row groups of those files by whether their extremes allow a matching row; only with `profile`. */
  readonly rowGroups?: { readonly read: number; readonly skipped: number };
  /** Rows that the scans handed on; only with `profile`. */
  readonly rowsScanned?: number;
  /** What this process read while the question was answered, files in memory included; Linux only. */
  readonly bytesRead?: number;
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
  readonly durationMs: number;
  readonly resultRows: number;
  /** The code of the error, if it failed. */
  readonly failed?: string;
}
