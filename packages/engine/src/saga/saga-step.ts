import type { FlowBody, FlowContext, FlowStepOptions, Json, NodeModel } from "@agentflow/core";
import { failureOf } from "../step/recorded-error.ts";
import { StepTask } from "../step/step-task.ts";
import type { CompensationReport, CompletedStep, FailedCompensation } from "./compensation.ts";

const name = "compensate";

/**
 * The step of a run that undoes others: a flow that calls one compensation after the other, so that they are committed,
 * retried and executed again like the steps of any flow. `onEnded` hears of the result.
 */
export function sagaStep(given: {
  readonly superstep: number;
  readonly attempt: number;
  readonly steps: readonly CompletedStep[];
  readonly onFailure: "continue" | "stop";
}): StepTask {
  const body: FlowBody = { type: "flow", run: (_state, ctx) => undo(given, ctx) };
  const model: NodeModel = { name, kind: "node", body, after: [], gotos: [], policy: {} };
  const node = { index: 0, name, model, edges: [], routes: [], isExit: false };
  const { superstep, attempt } = given;
  const place = { scopePath: "", superstep, ordinal: 0, item: -1, origin: "", edge: 0 };
  const task = new StepTask(node, place, { argument: {}, view: {}, group: undefined });
  task.attempt = attempt;
  return task;
}

/** Undoes steps one after the other; resolves to the report. */
async function undo(
  { steps, onFailure }: { readonly steps: readonly CompletedStep[]; readonly onFailure: "continue" | "stop" },
  ctx: FlowContext,
): Promise<CompensationReport> {
  const failed: FailedCompensation[] = [];
  let compensated = 0;
  for (const step of steps) {
    try {
      await undoStep(step, ctx);
      compensated++;
    } catch (error) {
      failed.push({ stepId: step.stepId, failure: failureOf(error) });
      if (onFailure === "stop") break;
    }
  }
  return { compensated, failed };
}

function undoStep(step: CompletedStep, ctx: FlowContext): Promise<unknown> {
  const { stepId, resultJson, result, argument, policy } = step;
  const { retry, timeoutMs } = policy;
  const options: FlowStepOptions<Json, unknown> = {
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  const input = { step: stepId, result: resultJson };
  // What it gives back means nothing: it may be anything, also what is not JSON.
  const run = async (_input: Json, own: Parameters<NonNullable<typeof policy.compensate>>[1]) => {
    await policy.compensate?.(result, own, argument);
  };
  return ctx.step(step.node, input as Json, run, options);
}
