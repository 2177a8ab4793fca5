import type { SystemId } from "../systems/system.ts";

/** Lengths of the runs whose memory is compared, in steps: what grows with a run stands out, what a heap warms up does not. */
export const longRunSteps = [30_000, 100_000] as const;

/** The systems whose memory must not grow with a run: one per way in which commits are written. */
export const longRunSystems: readonly SystemId[] = [
  "agentflow-sqlite-normal",
  "agentflow-sqlite-strict",
  "agentflow-sqlite-batched",
  "agentflow-postgres-normal",
];
