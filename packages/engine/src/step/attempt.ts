import type { ArtifactBinding, TracedSpan } from "@agentflow/core";
import type { StepTask } from "./step-task.ts";

/**
 * One try of a step. Once revoked, nothing it still does counts: its calls never settle and its result is dropped
 * (S12). An execution that was superseded is to be followed by another one of the same attempt: what its calls bring is
 * recorded for that one, and it learns nothing more itself (S13).
 */
export class Attempt {
  readonly task: StepTask;
  readonly number: number;
  /** Wall-clock and monotonic milliseconds. */
  readonly startedAt: number;
  readonly startedTick: number;
  readonly artifacts: ArtifactBinding[] = [];
  /** The slot is held until the attempt ends or parks. */
  holdsSlot = true;
  /** Outside calls under way. */
  calls = 0;
  cancelTimer: (() => void) | undefined;
  /** With tracing only. */
  span: TracedSpan | undefined;
  #controller: AbortController | undefined;
  #isRevoked = false;
  #isSuperseded = false;
  #isAborted = false;

  constructor(task: StepTask, startedAt: number, startedTick: number) {
    this.task = task;
    this.number = task.attempt;
    this.startedAt = startedAt;
    this.startedTick = startedTick;
  }

  get isRevoked(): boolean {
    return this.#isRevoked;
  }

  /** True if its function is to learn nothing more. */
  get isOver(): boolean {
    return this.#isRevoked || this.#isSuperseded;
  }

  supersede(): void {
    this.#isSuperseded = true;
  }

  /** Made when first asked for: most steps never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  revoke(reason?: Error): void {
    this.close();
    this.#isAborted = true;
    this.#controller?.abort(reason);
  }

  /** Its function has ended: what it left unfinished counts no more, but nothing is told to stop. */
  close(): void {
    this.#isRevoked = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}
