import type { RunHead } from "../record/run-head.ts";

/** Where a run waits for its turn. */
export interface Queued {
  readonly queue: string;
  /** Runs of one key count together against `keyConcurrency`; undefined: the run counts with no other. */
  readonly key: string | undefined;
  /** Wall-clock milliseconds before which its turn does not come; the earlier ones come first. */
  readonly dueAt: number;
}

/** What holds back the runs of a queue, over all processes; an absent limit is none. */
export interface QueueLimits {
  /** Runs that have begun and not ended, waiting ones included. */
  readonly concurrency?: number | undefined;
  /** Runs that begin within any stretch of so many milliseconds. */
  readonly rate?: { readonly limit: number; readonly perMs: number } | undefined;
  /** The same as `concurrency` among the runs of one key; 1 makes them follow each other. */
  readonly keyConcurrency?: number | undefined;
}

/** The place of a run in its queue. */
export interface QueuePlace extends Queued {
  /** When its turn came, in wall-clock milliseconds. */
  readonly begunAt: number | undefined;
}

/** Runs that wait in queues. A run gets its place with its first commit, and leaves it for good when its turn comes. */
export interface QueueStore {
  /**
   * Gives `ownerId` the next runs of a queue under their next epoch, at most `limit`, in the order of their times, and of
   * their creation where these are equal; runs of other workflows, and of keys that are at their limit, are passed over.
   * Claims of all processes follow each other, so that no limit is exceeded. Runs that this owner has claimed and not yet
   * begun are given again. `nextAt` is when another run may be due by time alone.
   */
  claimQueued(request: {
    readonly tenant: string;
    readonly queue: string;
    readonly workflows: readonly string[];
    readonly limits: QueueLimits;
    /** Wall-clock milliseconds. */
    readonly now: number;
    readonly limit: number;
    readonly ownerId: string;
  }): Promise<{ readonly heads: readonly RunHead[]; readonly nextAt: number | undefined }>;
  /** The place of a run, also after its turn came; undefined for a run that never was in a queue. */
  readPlace(tenant: string, runId: string): Promise<QueuePlace | undefined>;
}
