import type { JsonObject, RunEvent } from "@agentflow/core";
import { formatDuration } from "../terminal/format-duration.ts";
import type { Output } from "../terminal/output.ts";
import { oneLine } from "../terminal/text-table.ts";
import type { Progress } from "./progress.ts";

const shown = /^(?:run|step|interrupt|file|timer|wait)\./;

function details(data: JsonObject): string[] {
  const { attempt, durationMs, path, name, failure } = data;
  const parts: string[] = [];
  if (typeof path === "string") parts.push(path);
  if (typeof name === "string") parts.push(name);
  if (typeof attempt === "number" && attempt > 1) parts.push(`attempt ${attempt}`);
  if (typeof durationMs === "number") parts.push(formatDuration(durationMs));
  if (typeof failure === "object" && failure !== null && !Array.isArray(failure)) {
    parts.push(String((failure as JsonObject)["message"]));
  }
  return parts;
}

/** An event as one line: time, type, step, and what matters of its data. */
export function eventLine(event: RunEvent): string {
  const data =
    typeof event.data === "object" && event.data !== null && !Array.isArray(event.data) ? event.data : {};
  const parts = [
    event.ts.slice(11, 23),
    event.type.padEnd(14),
    event.step ?? "",
    ...details(data as JsonObject),
  ];
  return oneLine(parts.filter((part) => part !== "").join("  "));
}

/** Progress for a pipe or a log: one line per event of a run, step, interrupt or file. */
export class LineProgress implements Progress {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  apply(event: RunEvent): void {
    // Live events have no seq; a log needs no announcement of what follows anyway.
    if ("seq" in event && shown.test(event.type)) this.#output.note(eventLine(event));
  }

  end(): void {
    // Every line is out already.
  }
}
