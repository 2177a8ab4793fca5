import type { RunHead, RunStore, Seal } from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";

/** A seal from which a run can go on or be forked (S23). */
export interface Checkpoint {
  /** "" for the root, else the step id of the nested workflow. */
  readonly scope: string;
  /** The superstep that the seal ended. */
  readonly superstep: number;
  /** `seq` of its last record event. */
  readonly event: number;
  /** The step whose commit carried the seal. */
  readonly stepId: string;
  /** Nodes of the next frontier, in order; empty at the end of a scope. */
  readonly next: readonly string[];
}

/** The checkpoints of a run, oldest first (ENG-31). */
export async function readHistory(head: RunHead, runs: RunStore): Promise<readonly Checkpoint[]> {
  const checkpoints: Checkpoint[] = [];
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind !== "step" || record.row.seal === undefined) continue;
    const { scope, superstep, event, seal } = record.row;
    const { frontier } = JSON.parse(seal) as Seal;
    const stepId = Blobs.stepIdOf(record.row);
    checkpoints.push({ scope, superstep, event, stepId, next: frontier.map((entry) => entry.node) });
  }
  return checkpoints;
}
