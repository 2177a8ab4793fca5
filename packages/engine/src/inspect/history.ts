import {
  eventCount,
  frontierOrdinals,
  type RecordRow,
  type RunHead,
  type RunStore,
  type Seal,
} from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";

/** A seal from which a run can go on or be forked (S23). */
export interface Checkpoint {
  /** "" for the root, else the step id of the nested workflow. */
  readonly scope: string;
  /** The superstep that the seal ended; -1 for the patched start of a fork. */
  readonly superstep: number;
  /** `seq` of its last record event. */
  readonly event: number;
  /** The step whose commit carried the seal; "" for the start. */
  readonly stepId: string;
  /** Nodes of the next frontier, in order; empty at the end of a scope. */
  readonly next: readonly string[];
}

/** What of a run can be named as a place in it. */
export interface Places {
  /** Oldest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Ids of its steps, those that are only ready included. */
  readonly steps: ReadonlySet<string>;
}

/** What `run.forked` says of the place where it patched a state (S23). */
export interface ForkedData {
  /** The run that was forked, and the last of its record events that the fork took over. */
  readonly from: string;
  readonly fromSeq: number;
  readonly scope: string;
  readonly superstep: number;
  /** The seal that the patched state is the state after; only where there was a patch. */
  readonly seal?: Seal;
}

/** The checkpoints of a run, oldest first (ENG-31). */
export async function readHistory(head: RunHead, runs: RunStore): Promise<readonly Checkpoint[]> {
  return (await readCheckpoints(head, runs)).checkpoints;
}

/** The checkpoints and steps of a run; a patch takes the place of the checkpoint that it patched. */
export async function readCheckpoints(head: RunHead, runs: RunStore): Promise<Places> {
  const checkpoints = new Map<string, Checkpoint>();
  const steps = new Set<string>();
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind !== "mark") steps.add(Blobs.stepIdOf(record.row));
    const sealed = sealedBy(record);
    if (sealed === undefined) continue;
    const { scope, superstep, seal } = sealed;
    const key = `${scope}/${superstep}`;
    const earlier = checkpoints.get(key);
    checkpoints.delete(key);
    checkpoints.set(key, {
      scope,
      superstep,
      event: record.row.event + eventCount(record) - 1,
      stepId: record.kind === "step" ? Blobs.stepIdOf(record.row) : (earlier?.stepId ?? ""),
      next: seal.frontier.map((entry) => entry.node),
    });
    for (const [stepId] of frontierOrdinals(sealed, seal)) steps.add(stepId);
  }
  return { checkpoints: [...checkpoints.values()], steps };
}

function sealedBy(
  record: RecordRow,
): { readonly scope: string; readonly superstep: number; readonly seal: Seal } | undefined {
  if (record.kind === "step") {
    const { scope, superstep, seal } = record.row;
    return seal === undefined ? undefined : { scope, superstep, seal: JSON.parse(seal) as Seal };
  }
  if (record.kind !== "mark" || record.row.type !== "run.forked") return undefined;
  const { scope, superstep, seal } = JSON.parse(record.row.data ?? "{}") as ForkedData;
  return seal === undefined ? undefined : { scope, superstep, seal };
}
