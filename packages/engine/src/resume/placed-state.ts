import type { MarkRow, Seal, SnapshotRow } from "@agentflow/core";

const placing: ReadonlySet<string> = new Set(["run.migrated", "run.forked"]);

/**
 * The state that a migration, or the patch of a fork, put in the place of the one that was folded, as the snapshot that
 * its scope goes on from (S19, S23); undefined for any other mark.
 */
export function placedState({
  type,
  data,
  state,
  refs,
  seq,
  epoch,
  event,
}: MarkRow): SnapshotRow | undefined {
  if (state === undefined || data === undefined || !placing.has(type)) return undefined;
  const {
    scope = "",
    superstep,
    seal,
  } = JSON.parse(data) as {
    readonly scope?: string;
    readonly superstep: number;
    readonly seal: Seal;
  };
  return { scope, superstep, state, refs, seal: JSON.stringify(seal), seq, epoch, event };
}
