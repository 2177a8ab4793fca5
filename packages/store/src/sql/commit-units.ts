import type { RunCommit, WaitChanges, WaitKey } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";

/** Commits of one run that follow each other, applied as one behind the fence of the first. */
export interface CommitUnit {
  readonly commit: RunCommit;
  /** Places of the merged members in their group, in order. */
  readonly members: readonly number[];
}

/**
 * Merges a group per run (STO-4). Each wave has a run at most once, in run-id order, which is the order of locks;
 * what does not follow its predecessor in the same run comes in a later wave.
 */
export function commitUnits(members: readonly RunCommit[]): readonly (readonly CommitUnit[])[] {
  const chains = new Map<string, number[][]>();
  for (const [index, member] of members.entries()) {
    const key = runKey(member.tenant, member.runId);
    const ofRun = chains.get(key);
    const last = ofRun?.at(-1);
    if (ofRun === undefined) chains.set(key, [[index]]);
    else if (last !== undefined && follows(members[last.at(-1) ?? -1], member)) last.push(index);
    else ofRun.push([index]);
  }
  const waves: CommitUnit[][] = [];
  const inRunOrder = [...chains].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, ofRun] of inRunOrder) {
    for (const [wave, indexes] of ofRun.entries()) {
      const commits = indexes.flatMap((index) => members[index] ?? []);
      waves[wave] ??= [];
      waves[wave].push({ commit: merge(commits), members: indexes });
    }
  }
  return waves;
}

function follows(earlier: RunCommit | undefined, later: RunCommit): boolean {
  return (
    earlier !== undefined &&
    later.create === undefined &&
    later.expectedSeq === earlier.progress.seq &&
    later.progress.epoch === earlier.progress.epoch
  );
}

function merge(commits: readonly RunCommit[]): RunCommit {
  const [first] = commits;
  const last = commits.at(-1);
  if (first === undefined || last === undefined || first === last) return first as RunCommit;
  const { inboxSeen } = last;
  const waits = mergeWaits(commits.flatMap((commit) => commit.waits ?? []));
  const { waits: _waits, inboxSeen: _inboxSeen, ...rest } = first;
  return {
    ...rest,
    progress: last.progress,
    ...(inboxSeen === undefined ? {} : { inboxSeen }),
    ...(waits === undefined ? {} : { waits }),
    release: commits.some(({ release }) => release === true),
    steps: commits.flatMap(({ steps }) => steps),
    journal: commits.flatMap(({ journal }) => journal),
    attempts: commits.flatMap(({ attempts }) => attempts),
    marks: commits.flatMap(({ marks }) => marks),
    snapshots: commits.flatMap(({ snapshots }) => snapshots),
    blobs: commits.flatMap(({ blobs }) => blobs),
  };
}

/** What several changes come to, one after the other. */
function mergeWaits(changes: readonly WaitChanges[]): WaitChanges | undefined {
  if (changes.length < 2) return changes[0];
  const begun = new Map<string, WaitChanges["begun"][number]>();
  const ended = new Map<string, WaitKey>();
  for (const change of changes) {
    if (change.none === true) begun.clear();
    for (const key of change.ended) {
      begun.delete(waitKey(key));
      ended.set(waitKey(key), key);
    }
    for (const row of change.begun) {
      ended.delete(waitKey(row));
      begun.set(waitKey(row), row);
    }
  }
  const none = changes.some((change) => change.none === true);
  return { begun: [...begun.values()], ended: [...ended.values()], ...(none ? { none } : {}) };
}

function waitKey({ scope, superstep, ordinal, entry }: WaitKey): string {
  return `${superstep} ${ordinal} ${entry} ${scope}`;
}
