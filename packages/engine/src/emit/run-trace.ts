import {
  type AttemptOutcome,
  type Failure,
  type ModelCall,
  modelAttributes,
  type RunOrigin,
  type SpanAttributes,
  type TracedSpan,
  type Tracing,
} from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import { failureOf } from "../step/recorded-error.ts";
import type { StepTask } from "../step/step-task.ts";

/** Under this label a run keeps the trace that it was started in (W3C Trace Context). */
const carrierLabel = "traceparent";

/** Labels of a run that is started now: with tracing, they carry the trace in which it is started. */
export function tracedLabels(
  labels: Readonly<Record<string, string>> | undefined,
  run: Pick<RunOrigin, "tenant" | "runId" | "workflow">,
  tracing: Tracing | undefined,
): Readonly<Record<string, string>> | undefined {
  if (tracing === undefined) return labels;
  const parent = labels?.[carrierLabel];
  const span = tracing.begin({ name: `start ${run.workflow}`, parent, attributes: attributesOf(run) });
  // It has ended before anything can crash: every process that executes the run finds the trace begun.
  span.end();
  return span.carrier === undefined ? labels : { ...labels, [carrierLabel]: span.carrier };
}

/**
 * The spans of one run while this process executes it (OBS-2): one of the run, and within it those of steps, calls and
 * commits. Each process that executes the run adds a span of the run to the trace that it was started in.
 *
 * 1. A step is within the step whose nested workflow or flow it belongs to, or else within the run.
 * 2. Every span that was begun is ended, with the run at the latest.
 */
export class RunTrace {
  readonly #tracing: Tracing;
  readonly #origin: RunOrigin;
  readonly #span: TracedSpan;
  /** Steps that other steps are within, by step id. */
  readonly #scopes = new Map<string, TracedSpan>();
  readonly #open = new Set<TracedSpan>();

  constructor(tracing: Tracing, origin: RunOrigin) {
    const { workflow, version } = origin;
    this.#tracing = tracing;
    this.#origin = origin;
    this.#span = tracing.begin({
      name: `invoke_workflow ${workflow}`,
      parent: carrierOf(origin),
      attributes: {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": workflow,
        ...attributesOf(origin),
        version,
      },
    });
  }

  attemptStarted(attempt: Attempt): void {
    const { task, number } = attempt;
    const span = this.#begin(`step ${task.node.name}`, this.#around(task), {
      ...this.#stepAttributes(task),
      attempt: number,
    });
    attempt.span = span;
    if (task.isFlow) this.#scopes.set(task.stepId, span);
  }

  attemptThrew({ span }: Attempt, error: unknown): void {
    if (span !== undefined) failed(span, failureOf(error));
  }

  attemptEnded(attempt: Attempt, outcome: AttemptOutcome): void {
    const { span, task } = attempt;
    if (span === undefined) return;
    if (this.#scopes.get(task.stepId) === span) this.scopeEnded(task.stepId, outcome);
    else this.#end(span, outcome);
  }

  scopeOpened(task: StepTask): void {
    const attributes = { ...this.#stepAttributes(task), attempt: task.attempt };
    this.#scopes.set(task.stepId, this.#begin(`step ${task.node.name}`, this.#around(task), attributes));
  }

  scopeFailed(path: string, error: unknown): void {
    const span = this.#scopes.get(path);
    if (span !== undefined) failed(span, failureOf(error));
    this.scopeEnded(path, "failed");
  }

  /** A nested workflow has ended, and those within it. */
  scopeEnded(path: string, outcome: AttemptOutcome): void {
    const inside = `${path}/`;
    for (const [other, span] of this.#scopes) {
      if (other !== path && !other.startsWith(inside)) continue;
      this.#scopes.delete(other);
      this.#end(span, other === path ? outcome : "cancelled");
    }
  }

  /** An outside call of an attempt begins. */
  call(attempt: Attempt, kind: "io" | "tx", name: string): TracedSpan {
    const { task, number } = attempt;
    const { runId } = this.#origin;
    return this.#begin(`${kind} ${name}`, attempt.span ?? this.#span, {
      run_id: runId,
      step_id: task.stepId,
      node_id: task.node.name,
      attempt: number,
      call: name,
    });
  }

  /** A model has been called within an outside call; it is told when it has ended. */
  modelCalled(within: TracedSpan, call: ModelCall, endedAt: number): void {
    const { runId } = this.#origin;
    const span = this.#tracing.begin({
      name: `chat ${call.model}`,
      parent: within,
      attributes: { run_id: runId, ...modelAttributes(call), outcome: call.outcome },
      startedAt: endedAt - call.latencyMs,
    });
    if (call.outcome !== "succeeded")
      span.fail(call.outcome, `The call of ${call.model} ended: ${call.outcome}.`);
    span.end();
  }

  callEnded(span: TracedSpan, failure: Failure | undefined): void {
    if (failure !== undefined) failed(span, failure);
    this.#end(span, failure === undefined ? "succeeded" : "failed");
  }

  /** A commit of the run is on its way to the store. */
  commit(attributes: SpanAttributes): TracedSpan {
    return this.#begin("commit", this.#span, { ...attributesOf(this.#origin), ...attributes });
  }

  /** How a commit, or the run in this process, ended. */
  ended(span: TracedSpan | undefined, outcome: string, error?: Error): void {
    if (span === undefined) return;
    if (error !== undefined) failed(span, failureOf(error));
    this.#end(span, outcome);
  }

  /** The run has stopped in this process. */
  end(outcome: string, error: Error | undefined): void {
    for (const span of this.#open) this.#end(span, "cancelled");
    this.#scopes.clear();
    this.ended(this.#span, outcome, error);
  }

  #around({ place }: StepTask): TracedSpan {
    return this.#scopes.get(place.scopePath) ?? this.#span;
  }

  #stepAttributes(task: StepTask): SpanAttributes {
    const { stepId: step_id, orderKey: order_key } = task;
    return { ...attributesOf(this.#origin), step_id, node_id: task.node.name, order_key };
  }

  #begin(name: string, parent: TracedSpan, attributes: SpanAttributes): TracedSpan {
    const span = this.#tracing.begin({ name, parent, attributes });
    this.#open.add(span);
    return span;
  }

  #end(span: TracedSpan, outcome: string): void {
    if (!this.#open.delete(span) && span !== this.#span) return;
    span.set({ outcome });
    span.end();
  }
}

function failed(span: TracedSpan, { code, message }: Failure): void {
  span.fail(code, message);
}

function attributesOf({ tenant, runId, workflow }: Pick<RunOrigin, "tenant" | "runId" | "workflow">): {
  readonly tenant: string;
  readonly run_id: string;
  readonly workflow_id: string;
} {
  return { tenant, run_id: runId, workflow_id: workflow };
}

function carrierOf({ labels }: RunOrigin): string | undefined {
  if (labels === undefined) return undefined;
  const carrier: unknown = (JSON.parse(labels) as Readonly<Record<string, unknown>>)[carrierLabel];
  return typeof carrier === "string" ? carrier : undefined;
}
