/**
 * A circuit breaker for one model of one provider (MDL-2).
 *
 * 1. Closed: calls pass. `threshold` failures in a row, with no success between, open it.
 * 2. Open: calls are refused until `cooldownMs` have passed since it opened.
 * 3. Half-open: one call passes at a time. Its success closes the breaker, its failure opens it anew, and an end that
 *    tells nothing of the provider lets the next call try.
 */
import type { Clock } from "@agentflow/core";

/** When a breaker opens, and for how long. */
export interface BreakerOptions {
  readonly threshold: number;
  readonly cooldownMs: number;
}

/** What the end of a call tells of the provider: nothing if the caller or the request was to blame. */
export type Evidence = "success" | "failure" | "none";

export class Breaker {
  readonly #options: BreakerOptions;
  readonly #clock: Clock;
  #failures = 0;
  /** Monotonic milliseconds; undefined while closed. */
  #openedAt: number | undefined;
  #isProbing = false;

  constructor(options: BreakerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  get state(): "closed" | "open" | "half-open" {
    if (this.#openedAt === undefined) return "closed";
    return this.#clock.monotonic() - this.#openedAt < this.#options.cooldownMs ? "open" : "half-open";
  }

  /** Takes leave to call: undefined if the call may not be made, else what its end has to be told. */
  enter(): ((evidence: Evidence) => void) | undefined {
    const { state } = this;
    if (state === "open" || (state === "half-open" && this.#isProbing)) return undefined;
    const isProbe = state === "half-open";
    this.#isProbing = isProbe;
    let hasEnded = false;
    return (evidence) => {
      if (hasEnded) return;
      hasEnded = true;
      if (isProbe) this.#isProbing = false;
      this.#take(evidence, isProbe);
    };
  }

  #take(evidence: Evidence, isProbe: boolean): void {
    if (evidence === "success") {
      this.#failures = 0;
      // A call that began before the breaker opened says nothing about the provider of now.
      if (isProbe) this.#openedAt = undefined;
    } else if (evidence === "failure") {
      this.#failures++;
      const opens = isProbe || (this.#openedAt === undefined && this.#failures >= this.#options.threshold);
      if (opens) this.#openedAt = this.#clock.monotonic();
    }
  }
}
