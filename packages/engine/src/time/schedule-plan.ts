import type { Json, ScheduleRow } from "@agentflow/core";
import { nextTick } from "./cron.ts";

/** What a schedule starts, and when. */
export interface SchedulePlan {
  readonly cron: string;
  readonly timeZone: string;
  readonly input: Json;
  readonly missed: "skip" | "latest" | "all";
  readonly overlap: "allow" | "skip";
  readonly queue?: string;
  readonly key?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A schedule with what it has done. */
export interface ScheduleJson extends SchedulePlan {
  readonly isPaused: boolean;
  /** The newest time that was decided on, and the run of the newest one that was started. */
  readonly tickAt?: number;
  readonly lastRunId?: string;
  /** Times that were decided to get a run, and may not have it yet. */
  readonly pending: readonly number[];
}

/** How late a time may be under `missed: "skip"`, in milliseconds, and how many missed ones `all` makes up for. */
const lateMs = 60_000;
const missedMax = 100;

/** Id of the run of a time. */
export function tickRunId(name: string, at: number): string {
  return `${name}-${new Date(at).toISOString().replaceAll(":", "")}`;
}

/** The times up to `now` that get a run, and the first one after it. `isOverlapping`: the newest run has not ended. */
export function decideTicks(
  { cron, timeZone, missed, overlap }: SchedulePlan,
  firstAt: number,
  now: number,
  isOverlapping: boolean,
): { readonly ticks: readonly number[]; readonly newest: number; readonly nextAt: number | undefined } {
  const due: number[] = [];
  let at: number | undefined = firstAt;
  while (at !== undefined && at <= now) {
    due.push(at);
    if (due.length > missedMax) due.shift();
    at = nextTick(cron, timeZone, at);
  }
  const newest = due.at(-1) ?? firstAt;
  return { ticks: overlap === "skip" && isOverlapping ? [] : wanted(due, missed, now), newest, nextAt: at };
}

function wanted(due: readonly number[], missed: SchedulePlan["missed"], now: number): readonly number[] {
  if (missed === "all") return due;
  const newest = due.slice(-1);
  return missed === "latest" ? newest : newest.filter((at) => now - at <= lateMs);
}

/** The row of a schedule after a change. */
export function changed(row: ScheduleRow, json: ScheduleJson, nextAt: number | undefined): ScheduleRow {
  return { ...row, revision: row.revision + 1, nextAt, json: JSON.stringify(json) };
}
