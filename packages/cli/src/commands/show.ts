import { createEngine } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument } from "../command-configuration.ts";
import { compensationLines } from "../compensation-lines.ts";
import { failureLines } from "../error-report.ts";
import { jsonLines } from "../json-lines.ts";
import { withRun } from "../open-runs.ts";
import { type Inspection, inspectRun } from "../run-inspection.ts";
import type { FailurePlace, ReportedStep, RunReport } from "../run-report.ts";
import { saidLine } from "../run-said.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Colors, Output } from "../terminal/output.ts";
import { statusText } from "../terminal/status-text.ts";
import { oneLine, textTable } from "../terminal/text-table.ts";

const stepsMax = 20;
const stateLinesMax = 12;
const valueLinesMax = 6;

function headLines({ runId, workflow, version, status, ...rest }: RunReport, colors: Colors): string[] {
  return [
    `${colors.bold(runId)}  ${workflow} ${version}  ${statusText(status, colors)}`,
    `started ${rest.createdAt}, took ${formatDuration(rest.durationMs)}, ${formatCount(rest.steps.length, "step")}`,
  ];
}

// The end of a long run, and every step that went wrong.
function chosenSteps(steps: readonly ReportedStep[]): readonly ReportedStep[] {
  if (steps.length <= stepsMax) return steps;
  const wrong = steps.filter((step) => step.status !== "succeeded").slice(0, stepsMax);
  const room = stepsMax - wrong.length;
  const tail = new Set(room === 0 ? [] : steps.filter((step) => step.status === "succeeded").slice(-room));
  return steps.filter((step) => wrong.includes(step) || tail.has(step));
}

function stepLines(steps: readonly ReportedStep[], colors: Colors): string[] {
  const shown = chosenSteps(steps);
  const rows = shown.map((step) => [
    step.stepId,
    statusText(step.status, colors),
    formatDuration(step.durationMs),
    String(step.attempts),
  ]);
  const titles = [
    { title: "STEP" },
    { title: "STATE" },
    { title: "TIME", align: "right" },
    { title: "ATTEMPTS", align: "right" },
  ] as const;
  const hidden = steps.length - shown.length;
  return [...textTable(titles, rows), ...(hidden === 0 ? [] : [colors.dim(`${hidden} more succeeded`)])];
}

function valueLines(title: string, value: FailurePlace["input"], colors: Colors): string[] {
  return [colors.bold(title), ...jsonLines(value, valueLinesMax).map((line) => `  ${line}`)];
}

function placeLines({ step, attempt, item, input, lastOutput }: FailurePlace, colors: Colors): string[] {
  const which = item === undefined ? "" : `, item ${item}`;
  return [
    colors.bold(`step ${step}, attempt ${attempt}${which}`),
    ...valueLines("its input", input, colors),
    ...(lastOutput === null
      ? ["no step had succeeded before"]
      : valueLines(`last good output, of ${lastOutput.step}`, lastOutput.delta, colors)),
  ];
}

// The last of a long conversation.
function saidLines({ said = [] }: RunReport, colors: Colors): string[] {
  if (said.length === 0) return [];
  return [colors.bold("said"), ...said.slice(-stepsMax).map((each) => `  ${oneLine(saidLine(each))}`), ""];
}

function undoneLines({ compensation }: RunReport): string[] {
  return compensation === undefined ? [] : ["", ...compensationLines(compensation)];
}

function lines({ report, failure }: Inspection, whole: boolean, output: Output): string[] {
  const { colors } = output;
  const head = headLines(report, colors);
  if (failure !== undefined) {
    const failed = report.error?.failed;
    return [
      ...head,
      "",
      ...failureLines(failure, colors),
      ...(failed === undefined ? [] : ["", ...placeLines(failed, colors)]),
      ...undoneLines(report),
    ];
  }
  const events = Object.entries(report.events).map(([type, count]) => `${type} ${count}`);
  const { historyRemovedAt } = report;
  const steps =
    historyRemovedAt === undefined
      ? stepLines(report.steps, colors)
      : [colors.dim(`its history was removed at ${historyRemovedAt}; this is what is left`)];
  return [
    ...head,
    "",
    ...steps,
    ...undoneLines(report),
    "",
    ...saidLines(report, colors),
    colors.bold("state"),
    ...jsonLines(report.state, whole ? Number.POSITIVE_INFINITY : stateLinesMax),
    "",
    `${colors.bold("events")} ${events.join(", ")}`,
  ];
}

function nextCommand(report: RunReport, flags: string): string {
  const { runId, status, historyRemovedAt, compensation } = report;
  if (historyRemovedAt !== undefined) return `Next: af runs${flags}`;
  if (status === "succeeded") return `Next: af replay ${runId}${flags}`;
  if (status === "cancelled" || compensation?.report?.failed.length === 0)
    return `Next: af tail ${runId}${flags}`;
  if (status === "running" || status === "queued") return `Next: af tail ${runId} -f${flags}`;
  return status === "waiting" ? `Next: af why ${runId}${flags}` : `Next: af resume ${runId}${flags}`;
}

/** `af show RUN`: a run on one screen. */
export const show: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const inspection = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    await using engine = await createEngine({ store, tenant: head.tenant });
    return inspectRun(engine, head.runId);
  });
  if (output.json) {
    output.object(inspection.report);
    return exitCodes.ok;
  }
  for (const line of lines(inspection, input.options["state"] === true, output)) output.line(line);
  output.note(nextCommand(inspection.report, followUpFlags(configuration)));
  return exitCodes.ok;
};
