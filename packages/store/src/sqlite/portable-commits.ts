import type { RunCommit, RunHead } from "@agentflow/core";
import { stepFrom, stepLength, stepValues } from "../rows/step-values.ts";

type Rest = Omit<RunCommit, "tenant" | "runId" | "expectedSeq" | "progress" | "inboxSeen" | "steps">;

/** Commits as {@link toPortableCommits} writes them: plain values, and the few parts that are not steps as they are. */
export type PortableCommits = readonly unknown[];

const none: readonly never[] = Object.freeze([]);

/**
 * Commits as one flat list. What crosses to a thread is copied, and copying costs by object and by property name: most
 * commits are a head and steps, which take a third of the time as values in a row.
 */
export function toPortableCommits(members: readonly RunCommit[]): PortableCommits {
  const list: unknown[] = [];
  for (const member of members) {
    const { progress, steps } = member;
    list.push(member.tenant, member.runId, member.expectedSeq, restOf(member));
    list.push(progress.seq, progress.epoch, progress.events, progress.emittedSeq, progress.status);
    list.push(progress.recoveries, progress.round, progress.budgetMs, progress.steps);
    list.push(progress.updatedAt, progress.wakeAt, member.inboxSeen, steps.length);
    for (const step of steps) list.push(...stepValues(step));
  }
  return list;
}

/** The inverse of {@link toPortableCommits}. */
export function fromPortableCommits(list: PortableCommits): readonly RunCommit[] {
  const members: RunCommit[] = [];
  for (let at = 0; at < list.length; ) {
    const stepCount = list[at + 16] as number;
    const firstStep = at + 17;
    members.push(memberAt(list, at, stepsAt(list, firstStep, stepCount)));
    at = firstStep + stepCount * stepLength;
  }
  return members;
}

function memberAt(list: PortableCommits, at: number, steps: RunCommit["steps"]): RunCommit {
  const rest = list[at + 3] as Rest | undefined;
  const inboxSeen = list[at + 15] as number | undefined;
  return {
    tenant: list[at] as string,
    runId: list[at + 1] as string,
    expectedSeq: list[at + 2] as number,
    progress: {
      seq: list[at + 4] as number,
      epoch: list[at + 5] as number,
      events: list[at + 6] as number,
      emittedSeq: list[at + 7] as number,
      status: list[at + 8] as RunHead["status"],
      recoveries: list[at + 9] as number,
      round: list[at + 10] as number,
      budgetMs: list[at + 11] as number,
      steps: list[at + 12] as number,
      updatedAt: list[at + 13] as number,
      wakeAt: list[at + 14] as number | undefined,
    },
    ...(inboxSeen === undefined ? {} : { inboxSeen }),
    steps,
    journal: none,
    attempts: none,
    marks: none,
    snapshots: none,
    blobs: none,
    ...rest,
  };
}

function stepsAt(list: PortableCommits, first: number, count: number): RunCommit["steps"] {
  if (count === 0) return none;
  const steps: RunCommit["steps"][number][] = [];
  for (let index = 0; index < count; index++) {
    const at = first + index * stepLength;
    steps.push(stepFrom(list.slice(at, at + stepLength) as Parameters<typeof stepFrom>[0]));
  }
  return steps;
}

/** What a commit has besides its head and steps; undefined when that is nothing. */
function restOf(member: RunCommit): Rest | undefined {
  const { create, durability, release, isAwaited, waits } = member;
  const { journal, attempts, marks, snapshots, blobs } = member;
  const rows = journal.length + attempts.length + marks.length + snapshots.length + blobs.length;
  if (rows === 0 && (create ?? durability ?? release ?? isAwaited ?? waits) === undefined) return undefined;
  // Every part is named here, so that none that is added later can be left behind.
  const rest: { readonly [Part in keyof Required<Rest>]: Rest[Part] | undefined } = {
    create,
    durability,
    release,
    isAwaited,
    waits,
    journal,
    attempts,
    marks,
    snapshots,
    blobs,
  };
  return rest as Rest;
}
