import type { Workflow } from "@agentflow/core";
import type { Engine, ReplayReport } from "@agentflow/runtime";
import type { Addition } from "./execute-run.ts";
import { exitCodes } from "./spec/exit-codes.ts";
import { formatCount } from "./terminal/format-count.ts";
import { oneLine } from "./terminal/text-table.ts";

const valueMax = 200;

function brief(value: unknown): string {
  const text = oneLine(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));
  return text.length <= valueMax ? text : `${text.slice(0, valueMax)}...`;
}

/** Says in a few lines whether a replay gave the same, and where not (ENG-30). */
export function replayLines(report: ReplayReport): string[] {
  const { divergence } = report;
  if (divergence === undefined) {
    const effects = report.effects === 0 ? "" : ` ${formatCount(report.effects, "effect")} not repeated.`;
    const matches = `Replay matches, ${formatCount(report.steps, "step")}: the same bytes.${effects}`;
    if (report.unchecked === 0) return [matches];
    const unchecked = formatCount(report.unchecked, "step");
    return [matches, `  ${unchecked} before the migration not checked: give that version with --earlier.`];
  }
  return [
    `Replay diverges at step ${divergence.stepId}, in ${divergence.field}.`,
    `  expected ${brief(divergence.expected)}`,
    `  actual   ${brief(divergence.actual)}`,
  ];
}

/** Replays a run that has just stopped and adds the result to its report; a divergence is exit code 1. */
export async function replayAddition(engine: Engine, runId: string, workflow: Workflow): Promise<Addition> {
  const report = await engine.replay(runId, workflow);
  return {
    members: { replay: report },
    notes: replayLines(report),
    ...(report.matches ? {} : { exitCode: exitCodes.runFailed }),
  };
}
