import type { Field, Json, JsonObject } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RecordedStep } from "../replay/replay-step.ts";
import type { CompletedStep } from "./compensation.ts";

/** A recorded step as its compensation gets it; undefined if its node declares none. */
export function completedStep(step: RecordedStep, workflow: CompiledWorkflow): CompletedStep | undefined {
  const { task, row, detail, values } = step;
  const { policy } = task.node.model;
  if (policy.compensate === undefined) return undefined;
  const { stepId, argument } = task;
  const isCall = detail.call !== undefined;
  return {
    stepId,
    node: row.node,
    event: row.event,
    result: isCall ? values["result"] : decoded(values, workflow),
    resultJson: isCall ? (values["result"] ?? null) : { ...values },
    argument,
    policy,
  };
}

/** Completed steps in the order in which they are undone: the last to complete first. */
export function inReverse(steps: readonly CompletedStep[]): readonly CompletedStep[] {
  return [...steps].sort((a, b) => b.event - a.event);
}

function decoded(values: Readonly<JsonObject>, { fieldByName }: CompiledWorkflow): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, json]) => [name, decode(fieldByName.get(name), json)]),
  );
}

function decode(field: Field | undefined, json: Json): unknown {
  return field?.codecId === undefined ? json : field.decode(json);
}
