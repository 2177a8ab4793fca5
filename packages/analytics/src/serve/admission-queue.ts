/**
 * Lets so many pieces of work run at once; the others wait in the order in which they came.
 *
 * 1. At most `atOnce` run, and as many as that run while any wait.
 * 2. Who came first begins first.
 * 3. Work whose signal is aborted while it waits never begins, and nobody waits for it.
 * 4. When `waitingMax` wait, the next one is refused at once.
 */
import { QueryQueueFullError } from "@agentflow/core";
import { cancelled } from "./cancelled.ts";

/** How much is let in. */
export interface AdmissionLimits {
  readonly atOnce: number;
  readonly waitingMax: number;
}

/** A queue in front of something that a few may use at once. */
export class AdmissionQueue {
  readonly #limits: AdmissionLimits;
  // In the order of arrival: a set keeps it, and lets go of one in the middle.
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** How many run, and how many wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size };
  }

  /** Does the work when it is its turn. Throws QueryCancelledError, QueryQueueFullError, and what the work throws. */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    await this.#admitted(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #admitted(signal: AbortSignal | undefined): Promise<void> | undefined {
    if (signal?.aborted) throw cancelled(signal);
    const { atOnce, waitingMax } = this.#limits;
    if (this.#running < atOnce) {
      this.#running += 1;
      return undefined;
    }
    if (this.#waiting.size >= waitingMax) {
      throw new QueryQueueFullError(`${this.#running} questions are being answered and ${waitingMax} wait.`);
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(begin);
        reject(cancelled(signal));
      };
      this.#waiting.add(begin);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }

  // The place goes to the next one directly, so that nobody who comes meanwhile can take it.
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
