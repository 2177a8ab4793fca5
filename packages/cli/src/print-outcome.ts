import { type RunHead, toFailure } from "@agentflow/core";
import type { RunOutcome } from "@agentflow/runtime";
import { failureLines } from "./error-report.ts";
import { jsonLines } from "./json-lines.ts";
import type { Inspection } from "./run-inspection.ts";
import { exitCodes } from "./spec/exit-codes.ts";
import { formatCount } from "./terminal/format-count.ts";
import { formatDuration } from "./terminal/format-duration.ts";
import type { Output } from "./terminal/output.ts";
import { statusText } from "./terminal/status-text.ts";

const stateLinesMax = 40;

/** The exit code that tells how a run stopped. */
export function exitCodeOf(outcome: RunOutcome): number {
  switch (outcome.status) {
    case "succeeded":
      return exitCodes.ok;
    case "waiting":
      return exitCodes.waiting;
    case "paused":
    case "parked":
      return exitCodes.interrupted;
    case "failed":
      return outcome.failure.code === "AF_RUN_BUDGET" ? exitCodes.budgetExceeded : exitCodes.runFailed;
    case "cancelled":
    case "fenced":
      return exitCodes.runFailed;
  }
}

/** The commands that make sense after a run has stopped so. */
export function nextCommands({ runId }: RunHead, outcome: RunOutcome, flags: string): string[] {
  switch (outcome.status) {
    case "succeeded":
      return [`Next: af show ${runId}${flags}`, `      af replay ${runId}${flags}`];
    case "waiting":
      return [
        `Next: af why ${runId}${flags}`,
        `      af approve ${runId}${flags}, or af reject, or af answer`,
        `      af resume ${runId}${flags}`,
      ];
    case "failed":
      // What has been undone is not gone on with.
      if (outcome.compensation?.failed.length === 0) return [`Next: af show ${runId}${flags}`];
      return [`Next: af show ${runId}${flags}`, `      af resume ${runId}${flags}`];
    case "paused":
    case "parked":
      return [`Go on with: af resume ${runId}${flags}`];
    case "cancelled":
    case "fenced":
      return [`Next: af show ${runId}${flags}`];
  }
}

function summary({ report }: Inspection, outcome: RunOutcome, output: Output): string {
  const { runId, workflow, steps, durationMs } = report;
  const status = statusText(outcome.status, output.noteColors);
  return `${status}  ${workflow} ${runId}  ${formatCount(steps.length, "step")} in ${formatDuration(durationMs)}`;
}

/** Prints how a run stopped: the state as data, everything else as notes. */
export function printOutcome(
  inspection: Inspection,
  outcome: RunOutcome,
  { output, notes }: { readonly output: Output; readonly notes: readonly string[] },
): void {
  output.note(summary(inspection, outcome, output));
  const failure = outcome.status === "fenced" ? toFailure(outcome.error) : inspection.failure;
  if (failure !== undefined) {
    for (const line of failureLines(failure, output.noteColors)) output.note(line);
    const failed = inspection.report.error?.failed;
    if (failed !== undefined) output.note(`  step  ${failed.step}, attempt ${failed.attempt}`);
  }
  for (const line of notes) output.note(line);
  if (outcome.status !== "succeeded") return;
  // A terminal shows the beginning; a pipe or file gets all of it.
  const linesMax = output.columns === undefined ? Number.POSITIVE_INFINITY : stateLinesMax;
  for (const line of jsonLines(inspection.report.state, linesMax)) output.line(line);
}
