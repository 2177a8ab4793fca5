import { type FinishedStatus, finishedStatuses, type RemovalRule } from "@agentflow/core";

/** The statuses that a rule is about: a failed run needs its history to go on, so only whole ones go (S11). */
export function removableStatuses({ part, statuses }: RemovalRule): readonly FinishedStatus[] {
  return finishedStatuses.filter(
    (status) => statuses.includes(status) && (part === "run" || status !== "failed"),
  );
}
