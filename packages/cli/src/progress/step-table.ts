import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Colors } from "../terminal/output.ts";
import { statusText } from "../terminal/status-text.ts";
import { type Column, cutText, oneLine, textTable } from "../terminal/text-table.ts";
import type { ShownStatus, ShownStep, StepBoard } from "./step-board.ts";

/** What a table of steps is drawn on. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly colors: Colors;
  readonly now: number;
}

// What is going on or wrong is shown before what is over.
const urgency: Readonly<Record<ShownStatus, number>> = {
  failed: 0,
  running: 1,
  retrying: 1,
  waiting: 2,
  cancelled: 3,
  succeeded: 4,
  skipped: 5,
};

/** Chooses the steps to show where there is no room for all: the most urgent, then the newest, in their own order. */
export function chooseSteps(steps: readonly ShownStep[], room: number): readonly ShownStep[] {
  if (steps.length <= room) return steps;
  const ranked = steps
    .map((step, place) => ({ step, place }))
    .sort(
      (left, right) => urgency[left.step.status] - urgency[right.step.status] || right.place - left.place,
    );
  return ranked
    .slice(0, room)
    .sort((left, right) => left.place - right.place)
    .map(({ step }) => step);
}

function elapsed(step: ShownStep, now: number): string {
  if (step.durationMs !== undefined) return formatDuration(step.durationMs);
  return step.status === "running" ? formatDuration(Math.max(0, now - step.since)) : "";
}

/** Draws the steps of a run as lines that fit the canvas, with a count of all steps at the end. */
export function stepTable(board: StepBoard, canvas: Canvas): string[] {
  const { colors, columns, now } = canvas;
  const shown = chooseSteps(board.steps, Math.max(1, canvas.rows - 3));
  const tokens = shown.some((step) => step.tokens !== undefined);
  const cost = shown.some((step) => step.costUsd !== undefined);
  const titles: Column[] = [
    { title: "STEP" },
    { title: "STATE" },
    { title: "TIME", align: "right" },
    { title: "ATTEMPTS", align: "right" },
    ...(tokens ? [{ title: "TOKENS", align: "right" } as const] : []),
    ...(cost ? [{ title: "COST", align: "right" } as const] : []),
    { title: "" },
  ];
  const rows = shown.map((step) => [
    cutText(step.stepId, Math.max(12, columns - 40)),
    statusText(step.status, colors),
    elapsed(step, now),
    String(step.attempts),
    ...(tokens ? [step.tokens === undefined ? "" : String(step.tokens)] : []),
    ...(cost ? [step.costUsd === undefined ? "" : `$${step.costUsd.toFixed(4)}`] : []),
    step.message === undefined ? "" : colors.dim(oneLine(step.message)),
  ]);
  const hidden = board.size - shown.length;
  const counts = [...board.counts].map(([status, count]) => `${count} ${status}`).join(", ");
  const footer =
    hidden > 0
      ? `${formatCount(board.size, "step")}: ${counts} (${hidden} not shown)`
      : `${formatCount(board.size, "step")}: ${counts}`;
  return [...textTable(titles, rows), colors.dim(footer)].map((line) => cutText(line, columns));
}
