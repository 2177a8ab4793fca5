/** How many runs, or their histories, went, with their rows and the bytes of what these held. */
export interface RemovedRuns {
  readonly runs: number;
  readonly rows: number;
  readonly sizeBytes: number;
}

/** Files that went, and their bytes. */
export interface RemovedFiles {
  readonly files: number;
  readonly sizeBytes: number;
}

/** What a round of retention removed or, on a dry run, would remove (S24). */
export interface GarbageReport {
  readonly dryRun: boolean;
  readonly snapshots: {
    readonly runs: number;
    readonly snapshots: number;
    readonly blobs: number;
    readonly sizeBytes: number;
    /** Runs that committed all the time; they are looked at in the next round. */
    readonly busy: number;
  };
  readonly runs: RemovedRuns;
  readonly histories: RemovedRuns;
  /** Runs that the rules let go, and that stay because no export has taken them. */
  readonly unexported: number;
  /** Folders of runs that went whole. */
  readonly directories: { readonly directories: number; readonly sizeBytes: number };
  /** Registered processes that are known to be dead. */
  readonly owners: number;
  /** Contents that no run has bound. `shared`: their folder is not known to be this store's alone, so all stay. */
  readonly artifacts: RemovedFiles & { readonly shared: boolean };
  /** Cached results that nobody has used for long. */
  readonly cache: RemovedFiles;
  /** The store's file after that; undefined for a server. */
  readonly space: { readonly sizeBytes: number; readonly freeBytes: number } | undefined;
  readonly durationMs: number;
}
