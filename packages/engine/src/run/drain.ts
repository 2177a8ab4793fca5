import { type Clock, ValidationError } from "@agentflow/core";
import type { RunExecution } from "./run-execution.ts";

/** How a run is given back, or all runs of an engine. */
export interface ParkOptions {
  /** How long running attempts may take to end, in milliseconds; 0, which is usual, stops them at once. */
  readonly graceMs?: number | undefined;
}

/**
 * A run that is about to be given back finishes what it executes and starts nothing more (ENG-42).
 *
 * 1. What attempts bring is committed as ever; what would follow from it is left to whoever goes on with the run.
 */
export class Drain {
  readonly #run: RunExecution;
  readonly #clock: Clock;
  #hasBegun = false;
  #isChecking = false;

  constructor(run: RunExecution, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  /** Nothing is started any more. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Resolves once the run has stopped, or the time is over: it is to be parked then. Throws ValidationError. */
  async within({ graceMs = 0 }: ParkOptions): Promise<void> {
    checkGrace(graceMs);
    if (graceMs === 0) return;
    this.#hasBegun = true;
    this.check();
    let cancel = (): void => undefined;
    const isOver = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(graceMs, resolve);
    });
    await Promise.race([this.#run.settled, isOver]);
    cancel();
  }

  /** An attempt or a call of one has ended: the run is parked after the last. */
  check(): void {
    if (!this.#hasBegun || this.#isChecking) return;
    this.#isChecking = true;
    // What an attempt brought is staged in this turn.
    setImmediate(() => {
      this.#isChecking = false;
      const { attempts, isStopping, queue } = this.#run;
      if (!isStopping && queue.running === 0 && !attempts.isCallingAny)
        this.#run.stop({ type: "run.parked" });
    });
  }
}

/** Throws ValidationError (AF_ARGUMENT_INVALID). */
export function checkGrace(graceMs: unknown): void {
  if (typeof graceMs === "number" && graceMs >= 0 && Number.isFinite(graceMs)) return;
  const message = `\`graceMs\` needs milliseconds from 0, not ${String(graceMs)}.`;
  throw new ValidationError("AF_ARGUMENT_INVALID", message);
}
