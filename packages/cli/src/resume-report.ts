import type { Addition, Workshop } from "./execute-run.ts";
import type { Inspection } from "./run-inspection.ts";
import { formatCount } from "./terminal/format-count.ts";

const namedMax = 10;

/** What a run has before it is resumed. */
export interface CommittedRecord {
  /** Ids of the steps that succeeded. */
  readonly steps: ReadonlySet<string>;
  /** Number of its last event. */
  readonly events: number;
}

/** Reads what a run has before it is resumed. */
export async function committedRecord({ engine }: Workshop, runId: string): Promise<CommittedRecord> {
  const { head, steps } = await engine.inspect(runId);
  const succeeded = steps.filter((step) => step.status === "succeeded");
  return { steps: new Set(succeeded.map((step) => step.stepId)), events: head.events };
}

function some(steps: readonly string[]): string {
  if (steps.length === 0) return "none";
  const more = steps.length > namedMax ? `, and ${steps.length - namedMax} more` : "";
  return `${steps.slice(0, namedMax).join(", ")}${more}`;
}

/** Tells which steps a resumed run skipped, because they were committed, and which it executed (RUN-10). */
export function resumeAddition(before: CommittedRecord, { report }: Inspection): Addition {
  const executed = report.steps.map((step) => step.stepId).filter((stepId) => !before.steps.has(stepId));
  const skipped = report.steps.map((step) => step.stepId).filter((stepId) => before.steps.has(stepId));
  return {
    members: { resumed: { skipped, executed } },
    notes: [
      `skipped  ${formatCount(skipped.length, "committed step")}: ${some(skipped)}`,
      `executed ${formatCount(executed.length, "step")}: ${some(executed)}`,
    ],
  };
}
