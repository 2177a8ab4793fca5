import type { StepRow } from "@agentflow/core";
import type { Unstamped } from "../commit/pending-commit.ts";
import type { StagedStep } from "../schedule/staged-step.ts";
import type { EncodedDelta } from "../state/delta.ts";
import type { StepTask } from "../step/step-task.ts";

/** What a step's row says beside the step's place. */
export interface StepColumns {
  readonly delta: EncodedDelta;
  readonly opens: boolean;
  /** Wall-clock milliseconds, and the duration in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** The row of a step's outcome; detail and seal are filled in by the commit. One literal: this runs once per step. */
export function stepRow(task: StepTask, columns: StepColumns): Unstamped<StepRow> {
  const { place } = task;
  return {
    scope: place.scopePath,
    superstep: place.superstep,
    ordinal: place.ordinal,
    node: task.node.name,
    item: place.item,
    origin: place.origin,
    edge: place.edge,
    attempt: task.exhausted === undefined ? task.attempt : task.attempt - 1,
    opens: columns.opens,
    startedAt: columns.startedAt,
    durationMs: columns.durationMs,
    delta: columns.delta.json,
    detail: undefined,
    seal: undefined,
  };
}

/** The staged form of the same outcome. */
export function stagedStep(
  task: StepTask,
  delta: EncodedDelta,
  goto: StagedStep["goto"],
  artifacts: StagedStep["artifacts"],
): StagedStep {
  const { stepId, node, place } = task;
  return { stepId, node: node.name, ordinal: place.ordinal, values: delta.values, goto, artifacts };
}
