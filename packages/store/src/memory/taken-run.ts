import type { ScopeRecord } from "@agentflow/core";
import type { MemoryRun } from "./memory-run.ts";

/** Gives a run to another owner under the next epoch; false if it has another epoch or owner. */
export function takeRun(
  run: MemoryRun,
  to: {
    readonly epoch: number;
    readonly owner: string | undefined;
    readonly by: string;
    readonly recovery: number;
  },
): boolean {
  const { epoch, recoveries } = run.progress;
  if (epoch !== to.epoch || run.owner !== to.owner) return false;
  run.progress = Object.freeze({
    ...run.progress,
    epoch: epoch + 1,
    recoveries: recoveries + to.recovery,
  });
  run.owner = to.by;
  return true;
}

/** The rows of a scope up to a superstep, from its newest snapshot on or from the start. */
export function scopeOf(
  run: MemoryRun,
  scope: string,
  from: "snapshot" | "start",
  upTo = Number.MAX_SAFE_INTEGER,
): ScopeRecord {
  const snapshot = from === "snapshot" ? run.snapshot(scope, upTo) : undefined;
  const range = [scope, snapshot?.superstep ?? -1, upTo] as const;
  return {
    snapshot,
    steps: run.steps(...range),
    journal: run.journalRows(...range),
    attempts: run.attempts(...range),
  };
}
