import { type Clock, type RunHead, RunNotFoundError } from "@agentflow/core";
import type { RunOutcome } from "../run/run-outcome.ts";
import type { HeldRun } from "./held-run.ts";

/** How often the heads of followed runs are read, and how many of them at a time. */
const pollMs = 250;
const pollRuns = 64;

/** What following works with. */
export interface FollowedRunsParts {
  readonly clock: Clock;
  readonly readHead: (runId: string) => Promise<RunHead | undefined>;
  /** Takes over what the head says of the run. */
  readonly learn: (held: HeldRun, head: RunHead) => Promise<void>;
  /** The run has something new to read. */
  readonly onMoved: (runId: string) => void;
  readonly onReadFailed: (error: unknown) => void;
}

/**
 * Runs that somebody here waits for and that do not execute here: their heads are read until they stop.
 *
 * 1. However many there are, one timer looks at a bounded number of them, each in its turn.
 * 2. A store that cannot be read is asked again.
 */
export class FollowedRuns {
  readonly #parts: FollowedRunsParts;
  /** With the number of their last event; in the order in which they are looked at. */
  readonly #runs = new Map<HeldRun, number>();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: FollowedRunsParts) {
    this.#parts = parts;
  }

  add(held: HeldRun): void {
    if (this.#isClosed || this.#runs.has(held)) return;
    this.#runs.set(held, 0);
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#runs.clear();
  }

  #arm(): void {
    if (this.#isClosed || this.#cancel !== undefined || this.#runs.size === 0) return;
    this.#cancel = this.#parts.clock.setTimer(pollMs, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    for (const [held, events] of [...this.#runs].slice(0, pollRuns)) {
      this.#runs.delete(held);
      if (!isFollowed(held)) continue;
      const seen = await this.#look(held, events);
      if (isFollowed(held) && !this.#isClosed) this.#runs.set(held, seen);
    }
    this.#cancel = undefined;
    this.#arm();
  }

  /** The number of the run's last event. */
  async #look(held: HeldRun, events: number): Promise<number> {
    const { readHead, learn, onMoved, onReadFailed } = this.#parts;
    try {
      const head = await readHead(held.runId);
      if (!isFollowed(held)) return events;
      if (head === undefined) held.stopped(removed(held));
      else await learn(held, head);
      if (head !== undefined && head.events > events) onMoved(held.runId);
      return head?.events ?? events;
    } catch (error) {
      onReadFailed(error);
      return events;
    }
  }
}

/** It may have been taken by this process meanwhile. */
export function isFollowed(held: HeldRun): boolean {
  return held.execution === undefined && held.wakeAt === undefined && held.outcome === undefined;
}

function removed({ runId }: HeldRun): RunOutcome {
  const message = `The run ${runId} was removed from the store.`;
  return { status: "fenced", error: new RunNotFoundError(message, { context: { runId } }) };
}
