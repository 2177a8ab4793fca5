import type { RunHead, RunOrigin, RunProgress } from "@agentflow/core";

/** The head of a run as its owner keeps it between commits. */
export type LiveProgress = { -readonly [Key in keyof RunProgress]: RunProgress[Key] };

/** The head before a run's first commit. */
export function freshProgress(now: number): LiveProgress {
  return {
    seq: 0,
    epoch: 1,
    events: 0,
    emittedSeq: 0,
    status: "running",
    recoveries: 0,
    round: 0,
    budgetMs: 0,
    steps: 0,
    updatedAt: now,
    wakeAt: undefined,
  };
}

/** The part of a stored head that never changes. */
export function originOf(head: RunHead): RunOrigin {
  const { tenant, runId, workflow, version, fingerprint, seed, input, createdAt, labels } = head;
  return { tenant, runId, workflow, version, fingerprint, seed, input, createdAt, labels };
}

/** The part of a stored head that commits change. */
export function progressOf(head: RunHead): LiveProgress {
  const { seq, epoch, events, emittedSeq, status, recoveries, round, budgetMs, steps, updatedAt, wakeAt } =
    head;
  return { seq, epoch, events, emittedSeq, status, recoveries, round, budgetMs, steps, updatedAt, wakeAt };
}
