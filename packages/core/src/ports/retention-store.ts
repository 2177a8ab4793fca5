import type { FinishedStatus } from "../record/run-head.ts";

/** What is removed of a run: what led to its result, or all of it. */
export type RunPart = "history" | "run";

/** Which finished runs may go. All conditions hold for a run that goes. */
export interface RemovalRule {
  readonly tenant: string;
  readonly part: RunPart;
  readonly statuses: readonly FinishedStatus[];
  /** Only runs whose last commit was before this time, in milliseconds since the epoch. */
  readonly finishedBefore?: number;
  /** The newest so many runs of these statuses stay. */
  readonly keep?: number;
  /** Runs that no export has taken as they are may go too. */
  readonly unexported: boolean;
}

/** The place of a run in the order in which runs were made; a cursor, of no other use. */
export interface RunPlace {
  readonly createdAt: number;
  readonly number: number;
}

/** A run that a rule lets go. */
export interface RemovableRun {
  readonly runId: string;
  readonly status: FinishedStatus;
  /** Whether an export has taken it as it is. */
  readonly exported: boolean;
}

/** One page of what was asked for; `next` is absent on the last one. */
export interface RetentionPage<Item> {
  readonly items: readonly Item[];
  readonly next: RunPlace | undefined;
}

/** How much something takes: rows, and the bytes of what they hold. */
export interface Footprint {
  readonly rows: number;
  readonly sizeBytes: number;
}

/** What became of the redundant snapshots of a run; `busy`: the run was committing, nothing was done. */
export type SnapshotRemoval =
  | { readonly kind: "busy" }
  | {
      readonly kind: "removed";
      readonly snapshots: number;
      /** Large values that nothing of the run refers to any more. */
      readonly blobs: number;
      readonly sizeBytes: number;
    };

/** A run, or its history, that is out of the store while its rows are still being deleted. */
export interface RemovedRun {
  /** Names it in `purge`; the id may belong to a new run. */
  readonly number: number;
  readonly runId: string;
  readonly part: RunPart;
}

/** How large the store's file is, and how much of it is free for new rows, in bytes. */
export interface StoreSpace {
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

/**
 * Keeps a store from growing for ever (S24). Each method is one short piece of work that holds up no commit for longer
 * than a commit takes; repeating one, doing it twice at once, or ending the process in the middle, does no harm.
 *
 * 1. A snapshot is redundant when a newer one of its scope exists and the rows give the same state without it. The rows of
 *    a run, and so its canonical log and its replay, do not change by removing it.
 * 2. A run goes from one commit to the next only whole: no reader that has its head sees a part of it gone, and
 *    nobody can take it or write to it after.
 * 3. An unfinished run, a run with an owner and, unless the rule says otherwise, one that was not exported is spared,
 *    whatever happens between listing and removing.
 */
export interface RetentionStore {
  /** Runs with redundant snapshots; a page may be empty and have a next one. */
  listCompactable(request: {
    readonly tenant: string;
    readonly after?: RunPlace;
    readonly limit: number;
  }): Promise<RetentionPage<string>>;
  /**
   * Removes the redundant snapshots of a run that were followed by a newer one before `supersededBefore` (milliseconds
   * since the epoch), and every large value that nothing refers to then. With `dryRun` nothing is changed.
   */
  removeSnapshots(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly supersededBefore: number;
    readonly dryRun: boolean;
  }): Promise<SnapshotRemoval>;
  /** Runs that a rule lets go, oldest first. */
  listRemovable(
    rule: RemovalRule,
    page: { readonly after?: RunPlace; readonly limit: number },
  ): Promise<RetentionPage<RemovableRun>>;
  /** What a part of these runs takes. */
  measureRuns(request: {
    readonly tenant: string;
    readonly runIds: readonly string[];
    readonly part: RunPart;
  }): Promise<Footprint>;
  /** Takes those of the runs out of the store that the rule still lets go, its `keep` aside; returns their ids. */
  removeRuns(
    rule: RemovalRule,
    request: { readonly runIds: readonly string[]; readonly at: number },
  ): Promise<readonly string[]>;
  /** What was taken out and is not yet purged, oldest first. */
  listRemoved(request: { readonly tenant: string; readonly limit: number }): Promise<readonly RemovedRun[]>;
  /** Deletes up to `rowsMax` rows of a removed run; `isDone` once none is left and it is no longer listed. */
  purge(request: {
    readonly tenant: string;
    readonly number: number;
    readonly rowsMax: number;
  }): Promise<{ readonly rows: number; readonly isDone: boolean }>;
  /**
   * Hashes of the artifacts that runs of a tenant have bound, a page of runs at a time. Some of them may be hashes of
   * something else; none is missing that was bound before the first page was asked for.
   */
  readArtifacts(request: {
    readonly tenant: string;
    readonly after?: RunPlace;
    readonly limit: number;
  }): Promise<RetentionPage<string>>;
  /**
   * The space of the store's file, or undefined where that is the server's matter. `giveBack` first gives what is free
   * back to the file system, which rewrites the file and keeps all writers waiting.
   */
  space(request: { readonly giveBack: boolean }): Promise<StoreSpace | undefined>;
  /** True for one of the processes that ask within `intervalMs`: the one to do the next round. */
  claimRound(request: { readonly at: number; readonly intervalMs: number }): Promise<boolean>;
}
