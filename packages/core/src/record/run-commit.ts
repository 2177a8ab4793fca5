import type { Queued } from "../ports/queue-store.ts";
import type { Durability } from "../ports/run-store.ts";
import type { AttemptRow, BlobRow, JournalRow, MarkRow, SnapshotRow, StepRow } from "./rows.ts";
import type { RunHead, RunOrigin, RunProgress } from "./run-head.ts";
import type { WaitChanges } from "./waits.ts";

/** One fenced transaction for one run; commits of many runs share a database transaction (S4). */
export interface RunCommit {
  readonly tenant: string;
  readonly runId: string;
  /** The fence: applies only if the stored head has this `seq` and the epoch of `progress`. 0 with `create`. */
  readonly expectedSeq: number;
  /** The head after this commit; `progress.seq` is `expectedSeq + 1`. */
  readonly progress: RunProgress;
  /** Present on a run's first commit: inserts the head with this owner. */
  readonly create?: {
    readonly origin: RunOrigin;
    readonly owner: string | undefined;
    /** JSON description of the workflow, stored once per (tenant, fingerprint). */
    readonly definition: string;
    /** The run waits in a queue for its turn. */
    readonly queued?: Queued;
  };
  /** What it must survive once it is acknowledged; absent: the store's default (S5). */
  readonly durability?: Durability;
  /** True when somebody waits for this commit: what gathers (`batched`) goes at once, and takes the others along. */
  readonly isAwaited?: boolean;
  /** True when this commit gives the run back (parked or finished): clears the owner. */
  readonly release?: boolean;
  /**
   * Id of the newest inbox row that the run has read: a newer one is told with the result (S21), and a run that is given
   * back to wait is due at once if there is one. Absent: nothing is told.
   */
  readonly inboxSeen?: number;
  /** What its steps wait for, as far as this commit changes it. */
  readonly waits?: WaitChanges;
  readonly steps: readonly StepRow[];
  readonly journal: readonly JournalRow[];
  readonly attempts: readonly AttemptRow[];
  readonly marks: readonly MarkRow[];
  readonly snapshots: readonly SnapshotRow[];
  /** Blobs the rows refer to; storing one again under its hash changes nothing. */
  readonly blobs: readonly BlobRow[];
}

/**
 * What became of one member of a grouped commit (S4). `committed` with the id of the newest row of the run's inbox, where
 * that is above `inboxSeen`. `duplicate`: every row is already there with the same
 * idempotency key, nothing changed. `violation`: a position holds another outcome. `fenced`: the head has moved
 * on under another owner. `failed`: this member met an error of the store; the others are not affected.
 */
export type CommitResult =
  | { readonly kind: "committed"; readonly inbox?: number }
  | { readonly kind: "duplicate" }
  | {
      readonly kind: "violation";
      readonly position: string;
      readonly stored: string;
      readonly offered: string;
    }
  | { readonly kind: "fenced"; readonly head: RunHead | undefined }
  | { readonly kind: "failed"; readonly error: Error };
