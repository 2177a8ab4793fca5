import type { RunHead } from "../record/run-head.ts";
import type { OpenInterrupt } from "../record/waits.ts";
import type { InboxRow } from "./inbox-store.ts";
import type { ScopeRecord } from "./run-store.ts";

/** Which open interrupts to list; oldest first, paged by the last one seen. */
export interface InterruptQuery {
  readonly tenant: string;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  /** List what comes after this one. */
  readonly after?: Pick<OpenInterrupt, "at" | "runId" | "id"> | undefined;
  readonly limit: number;
}

/** A run that was taken after its rest, with what it goes on from as it was then. */
export interface RestedRun {
  readonly head: RunHead;
  /** Data of its first event. */
  readonly started: string | undefined;
  /** Its root scope from the newest snapshot on. */
  readonly root: ScopeRecord;
  readonly inbox: readonly InboxRow[];
}

/** Runs that nobody has in memory, because all of their steps wait (S13), and what they wait for. */
export interface WaitStore {
  /**
   * Released runs whose `wakeAt` has come, soonest first, of these workflows, without the first `skip`; and the `wakeAt` of
   * the next one after `now`. Something from outside that ends a wait of a released run makes it due (S21).
   */
  listDue(request: {
    readonly tenant: string;
    readonly workflows: readonly string[];
    /** Wall-clock milliseconds. */
    readonly now: number;
    readonly limit: number;
    readonly skip?: number;
  }): Promise<{ readonly heads: readonly RunHead[]; readonly nextAt: number | undefined }>;

  /**
   * Gives `ownerId` those of the runs that nobody has and that are still at the epoch they are named with, each under its
   * next epoch, in one transaction, and reads what they go on from. The others are left as they are.
   */
  takeRested(request: {
    readonly tenant: string;
    readonly runs: readonly { readonly runId: string; readonly epoch: number }[];
    readonly ownerId: string;
  }): Promise<readonly RestedRun[]>;

  /** Interrupts that wait and have no answer yet. */
  listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]>;
}
