import type { PendingCommit } from "../commit/pending-commit.ts";
import { encodeState } from "../state/encode-state.ts";
import type { ScopeExecution, Sealed } from "./scope-execution.ts";

/** Deltas since the last snapshot after which one is considered, in bytes (S23). */
const snapshotBytes = 128 * 1024;

/**
 * Puts the seal where the scope is restored from: the row of the step that ended last, or a snapshot where there is no
 * such row because the seal is tried again after a resume. Adds a snapshot when the deltas have outgrown it (S23).
 */
export function addSeal(
  scope: ScopeExecution,
  sealed: Sealed,
  row: { seal: string | undefined } | undefined,
  pending: PendingCommit,
): void {
  if (row !== undefined) row.seal = sealed.json;
  const isDue = scope.deltaBytes >= Math.max(snapshotBytes, scope.snapshotFrom) && !sealed.isLast;
  if (row !== undefined && !isDue) return;
  const state = encodeState(scope.state);
  // A state larger than its deltas is not yet worth writing; it is looked at again when they have grown to 4 times it.
  scope.snapshotFrom = 4 * state.sizeBytes;
  if (row !== undefined && scope.deltaBytes < scope.snapshotFrom) return;
  const artifacts = scope.artifacts.size === 0 ? {} : { artifacts: Object.fromEntries(scope.artifacts) };
  const definition = scope.definition === undefined ? {} : { definition: scope.definition };
  const seal = JSON.stringify({ ...scope.describeSeal(), ...artifacts, ...definition });
  const superstep = scope.superstep - 1;
  pending.addSnapshot(
    { scope: scope.path, superstep, state: state.json, refs: state.refs, seal },
    state.blobs,
  );
  scope.deltaBytes = 0;
}
