import type { RunStatus } from "@agentflow/core";

/** The status of a run after each mark (S28); a parked run waits for an owner. */
export const statusAfter: Readonly<Record<string, RunStatus>> = {
  "run.started": "running",
  "run.resumed": "running",
  "run.recovered": "running",
  "run.waiting": "waiting",
  "run.paused": "paused",
  "run.parked": "queued",
  "run.forked": "queued",
  "run.succeeded": "succeeded",
  "run.failed": "failed",
  "run.cancelled": "cancelled",
};
