import type { RunHead } from "../record/run-head.ts";

/** The row of one process that advances runs (S20). */
export interface OwnerRow {
  readonly ownerId: string;
  readonly host: string;
  readonly pid: number;
  /** Start of the process as the system tells it, so that a reused pid is not mistaken for it. */
  readonly processStart: string;
  /** Grows with each heartbeat. A counter that stands still is the only sign of death across hosts. */
  readonly counter: number;
}

/** Who advances which run. Epochs fence; time never does (S20, I6). */
export interface OwnershipStore {
  registerOwner(owner: OwnerRow): Promise<void>;
  /** Adds one to the owner's counter; false if it has no row, because it was taken for dead. */
  beat(ownerId: string): Promise<boolean>;
  readOwner(ownerId: string): Promise<OwnerRow | undefined>;
  listOwners(): Promise<readonly OwnerRow[]>;
  removeOwner(ownerId: string): Promise<void>;
  /**
   * Gives the run to `ownerId` under epoch + 1 and returns the new head, if it still has `expectedEpoch` and
   * `expectedOwner`; otherwise returns undefined and changes nothing. Adds `recovery` to `recoveries` (S10).
   */
  takeRun(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly expectedEpoch: number;
    readonly expectedOwner: string | undefined;
    readonly ownerId: string;
    readonly recovery: 0 | 1;
  }): Promise<RunHead | undefined>;
  /** Unfinished runs of these workflows that have an owner which is none of `living`. */
  listOrphans(request: {
    readonly tenant: string;
    readonly workflows: readonly string[];
    readonly living: readonly string[];
    readonly limit: number;
  }): Promise<readonly RunHead[]>;
  /** Clears the owner if `ownerId` still has the run under `epoch`. */
  releaseRun(request: { tenant: string; runId: string; ownerId: string; epoch: number }): Promise<boolean>;
}
