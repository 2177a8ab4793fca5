import type { Json } from "@agentflow/core";

/** A value as indented JSON, cut after `linesMax` lines with a note of how many there are. */
export function jsonLines(value: Json, linesMax: number): string[] {
  const lines = JSON.stringify(value, null, 2).split("\n");
  if (lines.length <= linesMax) return lines;
  return [...lines.slice(0, linesMax), `... ${lines.length - linesMax} more lines`];
}
