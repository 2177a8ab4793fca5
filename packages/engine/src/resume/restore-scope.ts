import {
  type FrontierEntry,
  type Json,
  type Seal,
  type SnapshotRow,
  type StepRow,
  VersionMismatchError,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { ScopeExecution } from "../run/scope-execution.ts";
import { fold } from "../schedule/fold.ts";
import { type Frontier, listItems, type Scheduled } from "../schedule/next-frontier.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Blobs } from "./blobs.ts";

/** Which scope to restore, and what it starts from if it has no rows. */
export interface ScopeOrigin {
  readonly path: string;
  readonly workflow: CompiledWorkflow;
  /** Encoded input per field. */
  readonly values: Readonly<Record<string, Json>>;
  readonly parent: ScopeExecution["parent"];
}

/** What a scope is restored from: a snapshot, and the outcomes after it by superstep and ordinal. */
export interface RestoredRows {
  readonly snapshot: SnapshotRow | undefined;
  readonly steps: readonly StepRow[];
}

/**
 * Restores a scope from its rows (S2, S23): the snapshot, the deltas after it folded again, the frontier of the last
 * seal, and in it what is staged. Throws VersionMismatchError when the workflow in hand no longer has what the rows name.
 */
export function restoreScope(origin: ScopeOrigin, rows: RestoredRows, blobs: Blobs): ScopeExecution {
  const scope = openAt(origin, rows.snapshot, blobs);
  let staged: StepRow[] = [];
  let superstep = scope.superstep;
  for (const row of [...rows.steps, undefined]) {
    if (row === undefined || row.superstep !== superstep) {
      if (advanceScope(scope, staged, blobs)) staged = [];
      superstep = row?.superstep ?? superstep;
    }
    if (row !== undefined) staged.push(row);
  }
  for (const row of staged) stageRow(scope, row, blobs);
  return scope;
}

/**
 * Takes a scope over the seal that one of these rows, the outcomes of its superstep by ordinal, carries: folds them and
 * restores the next frontier. False if none carries it.
 */
export function advanceScope(scope: ScopeExecution, rows: readonly StepRow[], blobs: Blobs): boolean {
  const seal = sealOf(rows);
  if (seal === undefined) return false;
  foldRows(scope, rows, blobs);
  const frontier = frontierOf(scope.workflow, scope.state.view, seal, rows);
  scope.restore((rows[0]?.superstep ?? scope.superstep) + 1, frontier, seal.exited === true);
  return true;
}

/** A scope after a snapshot, or as it begins. */
export function openAt(origin: ScopeOrigin, snapshot: SnapshotRow | undefined, blobs: Blobs): ScopeExecution {
  const { path, workflow, values, parent } = origin;
  if (snapshot === undefined) {
    const scope = new ScopeExecution({ path, workflow, state: new ScopeState(workflow, values), parent });
    scope.begin();
    return scope;
  }
  const seal = JSON.parse(snapshot.seal) as Seal;
  const state = new ScopeState(workflow, blobs.join(snapshot.state, snapshot.refs));
  const artifacts = new Map(Object.entries(seal.artifacts ?? {}));
  const { definition } = seal;
  const scope = new ScopeExecution({ path, workflow, state, parent, artifacts, definition });
  scope.restore(snapshot.superstep + 1, frontierOf(workflow, state.view, seal, []), seal.exited === true);
  return scope;
}

function sealOf(rows: readonly StepRow[]): Seal | undefined {
  const sealed = rows.find((row) => row.seal !== undefined);
  return sealed?.seal === undefined ? undefined : (JSON.parse(sealed.seal) as Seal);
}

function foldRows(scope: ScopeExecution, rows: readonly StepRow[], blobs: Blobs): void {
  const steps = rows.map((row) => blobs.staged(row));
  scope.state.apply(fold(scope.workflow, scope.state, steps).values);
  for (const step of steps) {
    for (const artifact of step.artifacts) scope.artifacts.set(artifact.path, artifact.sha256);
  }
  for (const row of rows) scope.deltaBytes += row.delta.length;
}

function stageRow(scope: ScopeExecution, row: StepRow, blobs: Blobs): void {
  const task = scope.tasks[row.ordinal];
  if (task === undefined || task.node.name !== row.node)
    throw mismatch(scope.workflow, `step ${blobs.stepId(row)}`);
  scope.stage(task, blobs.staged(row));
  scope.deltaBytes += row.delta.length;
}

/** The frontier that a stored seal describes, with its items listed again on the folded state. */
function frontierOf(
  workflow: CompiledWorkflow,
  view: object,
  seal: Seal,
  rows: readonly {
    readonly scope: string;
    readonly superstep: number;
    readonly node: string;
    readonly item: number;
  }[],
): Frontier {
  const only = rows.length === 1 ? rows[0] : undefined;
  const implied = only === undefined ? "" : Blobs.stepIdOf(only);
  const scheduled = seal.frontier.map((entry, index) =>
    scheduledOf(workflow, view, entry, { implied, index }),
  );
  const arrivals = new Map(
    Object.entries(seal.joins ?? {}).map(([join, seen]) => [join, new Map(Object.entries(seen))]),
  );
  return { scheduled, arrivals, exited: false };
}

function scheduledOf(
  workflow: CompiledWorkflow,
  view: object,
  stored: FrontierEntry,
  at: { readonly implied: string; readonly index: number },
): Scheduled {
  const node = workflow.nodes.get(stored.node);
  if (node === undefined) throw mismatch(workflow, `node "${stored.node}"`);
  const entry = { ...stored, origin: stored.origin ?? at.implied, edge: stored.edge ?? 0 };
  if (stored.items === undefined) return { entry, node, items: undefined, place: at.index };
  const { items, hash } = listItems(node, view);
  if (hash !== stored.itemsHash) {
    throw mismatch(
      workflow,
      `the ${stored.items} items of "${stored.node}" (its \`over\` now gives ${items.length})`,
    );
  }
  return { entry, node, items, place: at.index };
}

function mismatch(workflow: CompiledWorkflow, what: string): VersionMismatchError {
  const { name, version } = workflow.model;
  return new VersionMismatchError(
    `The run has ${what}, which workflow "${name}" version ${version} does not give.`,
    {
      context: { workflow: name, version, what },
    },
  );
}
