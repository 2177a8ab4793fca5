import type { Clock, RunHead, WaitStore } from "@agentflow/core";

/** How often it is looked whether the wall clock has come to a time by a jump, in milliseconds. */
const recheckMs = 60_000;

/** Due runs that are opened together, and pages of them that one look reads in which there is none to go on with. */
const pageRuns = 256;
const pagesMax = 16;

/** A look for due runs that came to its end. */
export interface Look {
  /** Looks are counted from 1. */
  readonly number: number;
  /** Wall-clock time up to which runs were due for it. */
  readonly dueUntil: number;
  /** When the next run of the workflows looked for is due, whether it is wanted here or not. */
  readonly nextAt: number | undefined;
}

/** What a waker works with. */
export interface WakerParts {
  readonly clock: Clock;
  readonly tenant: string;
  readonly waits: WaitStore;
  /** The workflows whose runs are wanted; none: there is nothing to look for. */
  readonly workflows: () => readonly string[];
  /** How many runs there is room for; any number unless given. */
  readonly room?: () => number;
  /** Goes on with those of the due runs that are wanted here; how many of all are still due. Never rejects. */
  readonly wake: (heads: readonly RunHead[]) => Promise<number>;
  /** A look has opened all wanted runs that were due; returns when the next one is. */
  readonly looked: (look: Look) => number | undefined;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Goes on with runs that rest when they are due: their time has come, or something has come in for them (S13, S21).
 *
 * 1. However many runs rest, there is one timer, for the nearest time. It follows the wall clock, so a run is never early.
 * 2. What is due is read from the store, so it does not matter which process made it due; one look is under way at a time.
 * 3. Runs that cannot be opened, and those of others, keep nobody from the ones behind them.
 */
export class Waker {
  readonly #parts: WakerParts;
  #looking: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #looks = 0;
  /** Due runs to pass over, because a look has found that they are not for this process. */
  #passedOver = 0;

  constructor(parts: WakerParts) {
    this.#parts = parts;
  }

  /** Number of the last look that has begun. */
  get looks(): number {
    return this.#looks;
  }

  /** A wanted run is due at this time, if not before. */
  expect(at: number): void {
    if (this.#isClosed || (this.#timer !== undefined && this.#timer.at <= at)) return;
    this.#timer?.cancel();
    const { clock } = this.#parts;
    const leftMs = Math.max(0, at - clock.now());
    const look = (): void => {
      this.#timer?.cancel();
      this.#timer = undefined;
      if (clock.now() < at) this.expect(at);
      else void this.look();
    };
    const cancel = clock.setTimer(leftMs, look);
    const cancelCheck =
      leftMs <= recheckMs ? undefined : clock.setTimer(recheckMs, look, { background: true });
    const cancelBoth = (): void => {
      cancel();
      cancelCheck?.();
    };
    this.#timer = { at, cancel: cancelBoth };
  }

  /** Goes on with everything that is due; resolves when it has been opened. Never rejects. */
  look(): Promise<void> {
    this.#isStale = true;
    this.#looking ??= this.#lookUntilFresh().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #lookUntilFresh(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        // The next look, at the latest that of the next heartbeat, tries again.
        this.#parts.onFailed(error);
      }
    }
  }

  async #lookOnce(): Promise<void> {
    const { clock, tenant, waits, looked, room = () => pageRuns } = this.#parts;
    this.#looks += 1;
    const dueUntil = clock.now();
    for (let fruitless = 0; fruitless < pagesMax && !this.#isClosed; ) {
      const workflows = this.#parts.workflows();
      const limit = Math.min(pageRuns, room());
      if (workflows.length === 0 || limit <= 0) return;
      const skip = this.#passedOver;
      const { heads, nextAt } = await waits.listDue({ tenant, workflows, now: clock.now(), limit, skip });
      const left = heads.length === 0 || this.#isClosed ? heads.length : await this.#parts.wake(heads);
      const isLast = heads.length < limit;
      this.#passedOver = isLast ? 0 : skip + left;
      fruitless = left < heads.length ? 0 : fruitless + 1;
      if (!isLast) continue;
      const at = looked({ number: this.#looks, dueUntil, nextAt });
      if (at !== undefined) this.expect(at);
      return;
    }
  }
}
