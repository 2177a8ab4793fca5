import type { RunEvent } from "@agentflow/core";
import type { Output } from "../terminal/output.ts";
import { LineProgress } from "./line-progress.ts";
import { TableProgress } from "./table-progress.ts";

/** Shows a run while it goes on. */
export interface Progress {
  apply(event: RunEvent): void;
  /** Draws the last state and leaves the screen as it is. */
  end(): void;
}

const silent: Progress = { apply: () => undefined, end: () => undefined };

/** The progress that fits standard error: a table that is redrawn in a terminal, lines elsewhere, or nothing. */
export function progressOn(output: Output, quiet: boolean): Progress {
  if (quiet) return silent;
  return output.stderr.isTTY === true ? new TableProgress(output) : new LineProgress(output);
}
