import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RunExecution } from "../run/run-execution.ts";
import type { RunOutcome } from "../run/run-outcome.ts";
import type { ResumeOptions } from "./resume-options.ts";

/** What a run is held with. */
export interface HeldRunParts {
  readonly runId: string;
  readonly workflow: CompiledWorkflow;
  /** How it goes on after a rest. */
  readonly options: ResumeOptions;
  /** Hears when somebody waits for the outcome of a run that goes on elsewhere. */
  readonly onAwaited: (held: HeldRun) => void;
}

/**
 * A run as callers of this process hold it, whoever executes it. Of one that rests nothing else is in memory.
 *
 * 1. It executes here, or it rests until a time, or it goes on elsewhere, or it has stopped with an outcome.
 * 2. Whoever asks for the outcome of one that rests or goes on gets the next outcome it stops with.
 */
export class HeldRun {
  #parts: HeldRunParts;
  #execution: RunExecution | undefined;
  #outcome: RunOutcome | undefined;
  #wakeAt: number | undefined;
  #restedAt = 0;
  #awaited: PromiseWithResolvers<RunOutcome> | undefined;

  constructor(parts: HeldRunParts) {
    this.#parts = parts;
  }

  get parts(): HeldRunParts {
    return this.#parts;
  }

  get runId(): string {
    return this.parts.runId;
  }

  get execution(): RunExecution | undefined {
    return this.#execution;
  }

  /** How it stopped; undefined while it executes, rests or goes on elsewhere. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Whether it has stopped here; undefined while it goes on elsewhere, or later. */
  get hasStopped(): boolean | undefined {
    if (this.#outcome !== undefined) return true;
    return this.#execution === undefined ? undefined : false;
  }

  /** Until when it rests, in wall-clock milliseconds. */
  get wakeAt(): number | undefined {
    return this.#wakeAt;
  }

  /** Number of the last look for due runs when it began to rest. */
  get restedAt(): number {
    return this.#restedAt;
  }

  get workflow(): CompiledWorkflow {
    return this.#parts.workflow;
  }

  /** Somebody waits for its outcome. */
  get isAwaited(): boolean {
    return this.#awaited !== undefined;
  }

  /** How the run stops, or has stopped; never rejects. */
  settled(): Promise<RunOutcome> {
    if (this.#outcome !== undefined) return Promise.resolve(this.#outcome);
    this.#awaited ??= Promise.withResolvers();
    const { promise } = this.#awaited;
    if (this.#execution === undefined && this.#wakeAt === undefined) this.parts.onAwaited(this);
    return promise;
  }

  /** It executes here, by what it was resumed with. */
  executes(execution: RunExecution, parts: Pick<HeldRunParts, "workflow" | "options">): void {
    this.#parts = { ...this.#parts, ...parts };
    this.#become({ execution });
  }

  /**
   * It was given back, and goes on by itself at this time; `look` is the number of the last look for due runs, `outcome`
   * how it stopped if it waits for somebody until then.
   */
  rests(wakeAt: number, look: number, outcome?: RunOutcome): void {
    this.#become(outcome === undefined ? { wakeAt } : { wakeAt, outcome });
    this.#restedAt = look;
    if (outcome !== undefined) this.#tell(outcome);
  }

  /** Another process has it. */
  goesOnElsewhere(): void {
    this.#become({});
    if (this.isAwaited) this.parts.onAwaited(this);
  }

  stopped(outcome: RunOutcome): void {
    this.#become({ outcome });
    this.#tell(outcome);
  }

  #tell(outcome: RunOutcome): void {
    this.#awaited?.resolve(outcome);
    this.#awaited = undefined;
  }

  #become(now: { execution?: RunExecution; wakeAt?: number; outcome?: RunOutcome }): void {
    this.#execution = now.execution;
    this.#wakeAt = now.wakeAt;
    this.#outcome = now.outcome;
  }
}
