import type { RunHead } from "../record/run-head.ts";
import type { OpenInterrupt } from "../record/waits.ts";

/** Which open interrupts to list; oldest first, paged by the last one seen. */
export interface InterruptQuery {
  readonly tenant: string;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  /** List what comes after this one. */
  readonly after?: Pick<OpenInterrupt, "at" | "runId" | "id"> | undefined;
  readonly limit: number;
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

  /** Interrupts that wait and have no answer yet. */
  listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]>;
}
