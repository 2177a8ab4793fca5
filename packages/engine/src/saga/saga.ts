/**
 * The compensation of a run: when it fails, or is cancelled where that was asked for, completed steps that declare how
 * they are undone are undone, the last to complete first (S11).
 *
 * Role: between the request to end the run and its end. The compensations are the steps of a flow (ADR 19, ADR 20).
 *
 * 1. Nothing of the run goes on once its compensation has begun; that it has is durable before the first step is undone.
 * 2. Whoever resumes the run goes on with the compensation, never with the run.
 */
import { CrashLoopError, type Failure, toFailure } from "@agentflow/core";
import { completedSteps } from "../replay/replay-run.ts";
import { Blobs } from "../resume/blobs.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import type { RunExecution } from "../run/run-execution.ts";
import type { StopRequest } from "../run/run-stop.ts";
import { RecordedError } from "../step/recorded-error.ts";
import type { StepTask } from "../step/step-task.ts";
import {
  type CompensatingData,
  type CompensationReport,
  type CompletedStep,
  hasCompensations,
  mayCompensate,
} from "./compensation.ts";
import { sagaStep } from "./saga-step.ts";

type EndRequest = Extract<StopRequest, { readonly type: "run.failed" | "run.cancelled" }>;

/** What a saga does with its run besides executing steps. */
export interface SagaEvents {
  /** The run ends now, as was asked for. */
  end(request: EndRequest): void;
}

export class Saga {
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;
  readonly #events: SagaEvents;
  #request: EndRequest | undefined;
  /** What a mark of an earlier process says. */
  #recorded: CompensatingData | undefined;
  #step: StepTask | undefined;

  constructor(run: RunExecution, environment: RunEnvironment, events: SagaEvents) {
    this.#run = run;
    this.#environment = environment;
    this.#events = events;
  }

  /** True once the run is being undone, or it is being looked whether there is anything to undo. */
  get isActive(): boolean {
    return this.#request !== undefined;
  }

  /** Takes a request to end the run, if steps may have to be undone first; false if it ends at once. */
  takes(request: StopRequest): boolean {
    if (request.type !== "run.failed" && request.type !== "run.cancelled") return false;
    if (this.isActive) return !(request.type === "run.failed" && request.error instanceof CrashLoopError);
    const { model } = this.#run.root.workflow;
    if (request.type === "run.cancelled" && model.compensation?.onCancel !== true) return false;
    if (!mayCompensate(model)) return false;
    this.#request = request;
    if (request.type === "run.cancelled") this.#run.failures.cancelAttempts();
    this.#leaveRun();
    this.#follow(this.#begin(request));
    return true;
  }

  /** The run was being undone when it was last left. */
  restore(recorded: CompensatingData): void {
    const { failure, others = [], by } = recorded;
    this.#recorded = recorded;
    this.#request =
      recorded.after === "cancelled"
        ? { type: "run.cancelled", by }
        : { type: "run.failed", error: new RecordedError(failure ?? toFailure("failed")), others };
    this.#leaveRun();
  }

  /** Goes on with what was restored. */
  goOn(): void {
    if (this.#recorded !== undefined) this.#follow(this.#undo(this.#recorded, undefined));
  }

  isItsStep(task: StepTask): boolean {
    return task === this.#step;
  }

  /** The step that undoes the others has returned, or broke. */
  ended(result: CompensationReport): void {
    if (this.#request !== undefined) this.#events.end({ ...this.#request, compensation: result });
  }

  broke(error: unknown): void {
    const stepId = this.#step?.stepId ?? "";
    this.ended({ compensated: 0, failed: [{ stepId, failure: toFailure(error) }] });
  }

  /** Nothing of the run itself starts or goes on any more. */
  #leaveRun(): void {
    const { failures, queue, root } = this.#run;
    queue.keep(() => false);
    failures.dropAll(root.tasks);
    root.tasks = [];
    root.failures = [];
  }

  #follow(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#run.abandon(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #begin(request: EndRequest): Promise<void> {
    const { log, root } = this.#run;
    if (!log.isQuiet) await log.pending.whenDurable();
    if (this.#run.isStopping) return;
    const steps = await this.#completed();
    if (this.#run.isStopping) return;
    if (Array.isArray(steps) && steps.length === 0) {
      this.#events.end(request);
      return;
    }
    const data = dataOf(request, root.superstep + 1);
    const at = this.#run.now();
    const mark = { type: "run.compensating", at, data: JSON.stringify(data) } as const;
    log.pending.addMark({ ...mark, state: undefined, refs: undefined });
    await log.pending.whenDurable();
    if (!this.#run.isStopping) await this.#undo(data, steps);
  }

  async #undo(data: CompensatingData, known: readonly CompletedStep[] | Failure | undefined): Promise<void> {
    const steps = known ?? (await this.#completed());
    if (this.#run.isStopping) return;
    if (!Array.isArray(steps)) {
      this.ended({ compensated: 0, failed: [{ stepId: "", failure: steps as Failure }] });
      return;
    }
    const { dispatcher, log, root } = this.#run;
    const { onFailure = "continue" } = root.workflow.model.compensation ?? {};
    const { superstep } = data;
    const step = sagaStep({ superstep, attempt: log.progress.round + 1, steps, onFailure });
    this.#step = step;
    if (this.#recorded !== undefined) await this.#restoreStep(step);
    if (!this.#run.isStopping) dispatcher.feed([step]);
  }

  /** The steps to undo, in that order, or why they cannot be told. */
  async #completed(): Promise<readonly CompletedStep[] | Failure> {
    const { origin, root, store } = this.#run;
    const head = await store.readHead(origin.tenant, origin.runId);
    // Bodies of flows are not executed again for nothing.
    if (head === undefined || !(await hasCompensations(head, store))) return [];
    return completedSteps(head, root.workflow, this.#environment);
  }

  async #restoreStep(step: StepTask): Promise<void> {
    const { origin, store } = this.#run;
    const { tenant, runId } = origin;
    const record = await store.readScope({ tenant, runId, scope: "", from: "snapshot" });
    const blobs = await Blobs.of({ tenant, runId, runs: store }, record);
    step.mayBeStored = true;
    for (const row of record.journal) {
      if (row.superstep !== step.place.superstep) continue;
      step.isOpened = true;
      step.restore([blobs.entry(row.entry)], row.event);
    }
  }
}

function dataOf(request: EndRequest, superstep: number): CompensatingData {
  if (request.type === "run.cancelled") {
    const { by } = request;
    return { after: "cancelled", superstep, ...(by === undefined ? {} : { by }) };
  }
  const { error, others } = request;
  return {
    after: "failed",
    superstep,
    failure: toFailure(error),
    ...(others.length === 0 ? {} : { others }),
  };
}
