import { CancelledError, type Failure, type MarkType, type RunStatus, toFailure } from "@agentflow/core";
import type { PausedAt } from "../people/static-pauses.ts";
import type { CompensationReport } from "../saga/compensation.ts";
import { encodeState } from "../state/encode-state.ts";
import { failureOf } from "../step/recorded-error.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import type { RunOutcome } from "./run-outcome.ts";
import type { ScopeExecution } from "./scope-execution.ts";
import { checkOutput } from "./scope-output.ts";

/** Why a run is to stop in this process. `parked` gives it back as it is; the engine is closed. */
export type StopRequest =
  | {
      readonly type: "run.cancelled";
      readonly by?: string | undefined;
      readonly compensation?: CompensationReport;
    }
  /** `inbox` is the id of the newest row that the run had read: a pause up to it has been obeyed. */
  | {
      readonly type: "run.paused";
      readonly by?: string | undefined;
      readonly inbox?: number | undefined;
      readonly at?: PausedAt;
    }
  | { readonly type: "run.waiting" | "run.parked" | "run.succeeded" }
  | {
      readonly type: "run.failed";
      readonly error: Error;
      readonly others: readonly Failure[];
      readonly compensation?: CompensationReport;
    };

const ends: ReadonlySet<StopRequest["type"]> = new Set(["run.cancelled", "run.succeeded", "run.failed"]);

const statusOf: Readonly<Record<StopRequest["type"], RunStatus>> = {
  "run.cancelled": "cancelled",
  "run.paused": "paused",
  "run.waiting": "waiting",
  "run.parked": "queued",
  "run.succeeded": "succeeded",
  "run.failed": "failed",
};

/**
 * The end of a run in this process: one mark, one release, one outcome (S28).
 *
 * 1. The first request wins; the outcome is known only once its mark is durable (S5).
 */
export class RunStop {
  readonly settled: Promise<RunOutcome>;
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;
  #resolve: (outcome: RunOutcome) => void = () => undefined;
  #outcome: RunOutcome | undefined;
  #isStopping = false;

  constructor(run: RunExecution, environment: RunEnvironment) {
    this.#run = run;
    this.#environment = environment;
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  begin(request: StopRequest): void {
    if (this.#isStopping || this.#run.log.isStopped) return;
    this.#isStopping = true;
    const outcome = this.#outcomeOf(request);
    const { wakeAt } = this.#run;
    if (request.type === "run.cancelled") this.#run.failures.cancelAttempts();
    this.#run.quiesce(outcome.status === "failed" ? outcome.error : this.#reasonOf(request));
    if (ends.has(request.type)) this.#run.waits.clear();
    this.#mark(request.type, dataOf(request, outcome), request.type === "run.waiting" ? wakeAt : undefined);
    const { pending } = this.#run.log;
    pending.release = true;
    pending.afterwards(() => this.#end(outcome));
  }

  /** The root scope has ended: checks the output schema, if there is one, and ends the run. */
  succeed(root: ScopeExecution): void {
    const checked = checkOutput(root);
    if (checked === undefined) {
      this.begin({ type: "run.succeeded" });
      return;
    }
    checked.then(
      () => this.begin({ type: "run.succeeded" }),
      (error: unknown) =>
        this.#run.failRun(error instanceof Error ? error : new Error(toFailure(error).message)),
    );
  }

  /** The run waits for a time that is near and stays here; readers see that it waits. */
  noteWaiting(): void {
    this.#mark("run.waiting", {}, this.#run.wakeAt);
  }

  abandon(error: Error): void {
    if (this.#outcome !== undefined) return;
    this.#isStopping = true;
    this.#run.quiesce(error);
    this.#run.log.stop();
    this.#end({ status: "fenced", error });
  }

  #mark(type: MarkType & StopRequest["type"], data: object, wakeAt: number | undefined): void {
    const { progress, pending } = this.#run.log;
    progress.status = statusOf[type];
    progress.updatedAt = this.#environment.clock.now();
    progress.wakeAt = wakeAt;
    const state = encodeState(this.#run.root.state);
    const json = JSON.stringify(data);
    pending.addMark(
      {
        type,
        at: progress.updatedAt,
        data: json === "{}" ? undefined : json,
        state: state.json,
        refs: state.refs,
      },
      state.blobs,
    );
  }

  #outcomeOf(request: StopRequest): RunOutcome {
    switch (request.type) {
      case "run.succeeded":
        return { status: "succeeded", state: this.#run.root.state.view };
      case "run.failed":
        return {
          status: "failed",
          error: request.error,
          failure: failureOf(request.error),
          others: request.others,
          ...undoneBy(request),
        };
      case "run.waiting":
        return { status: "waiting", steps: this.#run.parking.tasks.map((task) => task.stepId) };
      case "run.cancelled":
        return { status: "cancelled", ...undoneBy(request) };
      case "run.paused":
        return { status: "paused" };
      case "run.parked":
        return { status: "parked" };
    }
  }

  #reasonOf(request: StopRequest): Error | undefined {
    const { runId } = this.#run.origin;
    if (request.type === "run.succeeded" || request.type === "run.waiting") return undefined;
    return new CancelledError(`Run ${runId} was stopped (${request.type}).`, { context: { runId } });
  }

  #end(outcome: RunOutcome): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#run.log.stop();
    this.#run.trace?.end(outcome.status, "error" in outcome ? outcome.error : undefined);
    this.#resolve(outcome);
  }
}

function undoneBy(request: StopRequest): { readonly compensation?: CompensationReport } {
  const compensation = "compensation" in request ? request.compensation : undefined;
  return compensation === undefined ? {} : { compensation };
}

function dataOf(request: StopRequest, outcome: RunOutcome): object {
  if (outcome.status === "failed") {
    const { failure, others } = outcome;
    return { failure, ...(others.length === 0 ? {} : { others }), ...undoneBy(request) };
  }
  if (outcome.status === "waiting") return { steps: outcome.steps };
  return {
    ...undoneBy(request),
    ...("by" in request && request.by !== undefined ? { by: request.by } : {}),
    ...("at" in request ? request.at : {}),
    ...("inbox" in request && request.inbox !== undefined ? { inbox: request.inbox } : {}),
  };
}
