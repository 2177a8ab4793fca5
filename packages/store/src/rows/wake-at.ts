import type { RunCommit } from "@agentflow/core";

/**
 * When a run wants to go on by itself after a commit, where `inbox` is the id of the newest row of its inbox: a run that
 * is given back to wait, and has not seen all that came in, is due at once (S21).
 */
export function wakeAtOf({ progress, release, inboxSeen }: RunCommit, inbox: number): number | undefined {
  const { status, updatedAt, wakeAt } = progress;
  const hasNews = inboxSeen !== undefined && inbox > inboxSeen;
  if (release !== true || status !== "waiting" || !hasNews) return wakeAt;
  return Math.min(wakeAt ?? updatedAt, updatedAt);
}
