import type { Clock } from "@agentflow/core";
import { BoundedQueue } from "./bounded-queue.ts";
import type { Slots } from "./slots.ts";

/** What the queue needs to know of a step. */
export interface QueuedStep {
  /** A nested workflow runs without a slot: its own steps take them (S14). */
  readonly isNested: boolean;
  /** Steps of one fan-out with a `concurrency` of its own share this counter. */
  readonly group: { readonly max: number; running: number } | undefined;
}

/** How many steps a run may have started and waiting, and what starting one means. */
export interface StepQueueOptions<T> {
  readonly maxConcurrent: number;
  readonly queueDepth: number;
  readonly backpressureTimeoutMs: number | undefined;
  readonly clock: Clock;
  readonly slots: Slots;
  start(step: T): void;
  onBlocked(): void;
  onError(error: Error): void;
}

/**
 * Starts a run's steps in the order they were fed, at most `maxConcurrent` at a time (S3, S14).
 *
 * 1. A step is started at most once per feeding.
 * 2. A nested step holds no slot, so `maxConcurrent: 1` never deadlocks.
 */
export class StepQueue<T extends QueuedStep> {
  readonly #options: StepQueueOptions<T>;
  readonly #queue: BoundedQueue<T>;
  #running = 0;
  #nestedWaiting = 0;
  #closed = false;
  #starting = false;

  constructor(options: StepQueueOptions<T>) {
    this.#options = options;
    this.#queue = new BoundedQueue({
      depth: options.queueDepth,
      timeoutMs: options.backpressureTimeoutMs,
      clock: options.clock,
      onBlocked: () => options.onBlocked(),
    });
  }

  /** Attempts that run now. */
  get running(): number {
    return this.#running;
  }

  /** Steps not yet started. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Queues the steps in order; stops at a full queue and goes on when there is room. */
  feed(steps: readonly T[], from = 0): void {
    for (let index = from; index < steps.length; index++) {
      const step = steps[index] as T;
      if (this.#startAtOnce(step)) continue;
      if (step.isNested) this.#nestedWaiting++;
      const blocked = this.#queue.push(step);
      // Also a step that found the queue full may be the one to start: what is inside may wait for it.
      this.#startReady();
      if (blocked === undefined) continue;
      blocked.then(
        (isInside) => {
          this.#startReady();
          // Its scope has failed, and with it the steps behind it (S11).
          if (isInside) this.feed(steps, index + 1);
        },
        (error: Error) => this.#options.onError(error),
      );
      break;
    }
  }

  /** An attempt has ended, is parked, or a nested step has: its place is free. */
  release(step: T): void {
    if (step.group !== undefined) step.group.running--;
    if (!step.isNested) {
      this.#running--;
      this.#options.slots.release();
    }
    if (this.#queue.size > 0) this.#startReady();
  }

  /** Starts nothing before `decide` is done: what it decides of a failure may leave nothing to start (S11). */
  hold(decide: () => void): void {
    const isHeld = this.#starting;
    this.#starting = true;
    try {
      decide();
    } finally {
      this.#starting = isHeld;
    }
    this.#startReady();
  }

  /** Forgets the waiting steps that do not pass. */
  keep(passes: (step: T) => boolean): void {
    this.#queue.keep((step) => {
      const stays = passes(step);
      if (!stays && step.isNested) this.#nestedWaiting--;
      return stays;
    });
  }

  close(): void {
    this.#closed = true;
    this.keep(() => false);
  }

  /** The usual case without a way through the queue: nothing waits and there is a place. */
  #startAtOnce(step: T): boolean {
    if (this.#closed || this.#starting || this.#queue.size > 0 || step.isNested) return false;
    const { group } = step;
    if (this.#running >= this.#options.maxConcurrent || (group !== undefined && group.running >= group.max))
      return false;
    if (!this.#options.slots.take(this.#onFree)) return false;
    this.#starting = true;
    try {
      if (group !== undefined) group.running++;
      this.#running++;
      this.#options.start(step);
    } finally {
      this.#starting = false;
    }
    if (this.#queue.size > 0) this.#startReady();
    return true;
  }

  #startReady(): void {
    // Starting a step may end it at once and come back here: the outer loop goes on.
    if (this.#starting) return;
    this.#starting = true;
    try {
      for (let step = this.#next(); step !== undefined; step = this.#next()) {
        if (step.group !== undefined) step.group.running++;
        if (!step.isNested) this.#running++;
        this.#options.start(step);
      }
    } finally {
      this.#starting = false;
    }
  }

  #next(): T | undefined {
    if (this.#closed) return undefined;
    let hasPlace = this.#running < this.#options.maxConcurrent;
    if (!hasPlace && this.#nestedWaiting === 0) return undefined;
    const step = this.#queue.take((candidate) => {
      if (candidate.group !== undefined && candidate.group.running >= candidate.group.max) return false;
      if (candidate.isNested) return true;
      hasPlace &&= this.#options.slots.take(this.#onFree);
      return hasPlace;
    });
    if (step?.isNested === true) this.#nestedWaiting--;
    return step;
  }

  readonly #onFree = (): void => this.#startReady();
}
