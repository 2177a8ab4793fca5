import type { Addition, Workshop } from "./execute-run.ts";
import type { Inspection } from "./run-inspection.ts";

const namedMax = 10;

/** The steps of a run that are committed. */
export async function committedSteps({ engine }: Workshop, runId: string): Promise<ReadonlySet<string>> {
  const view = await engine.inspect(runId);
  return new Set(view.steps.filter((step) => step.status === "succeeded").map((step) => step.stepId));
}

function some(steps: readonly string[]): string {
  if (steps.length === 0) return "none";
  const more = steps.length > namedMax ? `, and ${steps.length - namedMax} more` : "";
  return `${steps.slice(0, namedMax).join(", ")}${more}`;
}

/** Tells which steps a resumed run skipped, because they were committed, and which it executed (RUN-10). */
export function resumeAddition(before: ReadonlySet<string>, { report }: Inspection): Addition {
  const executed = report.steps.map((step) => step.stepId).filter((stepId) => !before.has(stepId));
  const skipped = report.steps.map((step) => step.stepId).filter((stepId) => before.has(stepId));
  return {
    members: { resumed: { skipped, executed } },
    notes: [
      `skipped  ${skipped.length} committed steps: ${some(skipped)}`,
      `executed ${executed.length} steps: ${some(executed)}`,
    ],
  };
}
