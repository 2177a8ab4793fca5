import {
  type CommitResult,
  type Durability,
  encodeJson,
  FencedError,
  type JsonObject,
  type RunHead,
  type ScopeRecord,
  type Seal,
  type SnapshotRow,
  type StepDetail,
  VersionMismatchError,
} from "@agentflow/core";
import { PendingCommit, type Unstamped } from "../commit/pending-commit.ts";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { describedState } from "../inspect/described-state.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { originOf, progressOf } from "../run/run-progress.ts";
import { artifactsOf } from "../schedule/staged-step.ts";
import { checkInputShape } from "../state/check-input.ts";
import { encodeState } from "../state/encode-state.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Blobs } from "./blobs.ts";
import type { MigratedData, StateDefinition } from "./check-version.ts";
import { readInput } from "./read-input.ts";

/**
 * Turns the root state of a run, at its last seal, into one of the workflow in hand by its `migrate`, and commits it as
 * a snapshot together with a `run.migrated` mark (S19): a later resume finds it done. Steps of the superstep that was
 * under way are folded on the new state. Returns the new head. Throws what `migrate` throws, ValidationError when its
 * state does not fit, and VersionMismatchError when the workflow lacks a node that the run goes on with.
 */
export async function migrateRun(
  head: RunHead,
  workflow: CompiledWorkflow,
  { from, durability }: { readonly from: StateDefinition; readonly durability: Durability | undefined },
  environment: RunEnvironment,
): Promise<RunHead> {
  const { runs } = environment.backend;
  const { fingerprint, description: definition } = workflow.workflow;
  const { superstep, seal, state: migrated } = await planMigration(head, workflow, from, environment);
  const state = encodeState(migrated);
  const commit = new PendingCommit();
  const at = environment.clock.now();
  const { version } = workflow.model;
  const data: MigratedData = { version, fingerprint, definition, superstep, seal };
  const { json, refs } = state;
  commit.addMark({ type: "run.migrated", at, data: JSON.stringify(data), state: json, refs });
  commit.addSnapshot(migratedSnapshot(data, { json, refs }), state.blobs);
  const progress = { ...progressOf(head), seq: head.seq + 1, updatedAt: at };
  const beside = { durability, inboxSeen: 0, waits: undefined };
  const [result] = await runs.commit([commit.build(originOf(head), progress, beside)]);
  return headAfter(head, result, runs);
}

/** What a migration comes to, without doing it. Throws like migrateRun. */
export async function planMigration(
  head: RunHead,
  workflow: CompiledWorkflow,
  from: StateDefinition,
  environment: Pick<RunEnvironment, "backend">,
): Promise<{ readonly superstep: number; readonly seal: Seal; readonly state: ScopeState }> {
  const { superstep, ...point } = await readLastSeal(head, workflow, from, environment);
  const seal = { ...point.seal, definition: workflow.workflow.fingerprint };
  const missing = seal.frontier.find((entry) => !workflow.nodes.has(entry.node));
  if (missing !== undefined) {
    const context = { runId: head.runId, node: missing.node };
    const message = `Run ${head.runId} goes on with node "${missing.node}", which the workflow in hand does not have.`;
    throw new VersionMismatchError(message, { context });
  }
  return { superstep, seal, state: migratedState(workflow, from, point.state) };
}

/** The state that `migrate` makes of one in another definition. Throws ValidationError when it does not fit. */
export function migratedState(
  workflow: CompiledWorkflow,
  { version, fingerprint }: StateDefinition,
  state: JsonObject,
): ScopeState {
  const migrated = workflow.model.migrate?.(state, { version, fingerprint });
  checkInputShape(migrated, workflow, "state that `migrate` gave");
  const { value } = encodeJson(migrated, "migrated state");
  return new ScopeState(workflow, value as JsonObject);
}

/** The snapshot of the root scope that a run goes on from after its migration. */
export function migratedSnapshot(
  { superstep, seal }: MigratedData,
  state: { readonly json: string; readonly refs: string | undefined },
): Unstamped<SnapshotRow> {
  return { scope: "", superstep, state: state.json, refs: state.refs, seal: JSON.stringify(seal) };
}

interface SealedPoint {
  readonly superstep: number;
  readonly seal: Seal;
  readonly state: ReturnType<typeof describedState>;
}

async function readLastSeal(
  head: RunHead,
  workflow: CompiledWorkflow,
  from: StateDefinition,
  environment: Pick<RunEnvironment, "backend">,
): Promise<SealedPoint> {
  const { tenant, runId } = head;
  const { runs } = environment.backend;
  const record = await runs.readScope({ tenant, runId, scope: "", from: "snapshot" });
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const { snapshot } = record;
  const start =
    snapshot === undefined ? await readInput(head, runs) : blobs.join(snapshot.state, snapshot.refs);
  const sealed = record.steps.findLast((row) => row.seal !== undefined);
  const superstep = sealed?.superstep ?? snapshot?.superstep ?? -1;
  const deltas = record.steps
    .filter((row) => row.superstep <= superstep)
    .map((row) => blobs.staged(row).values);
  const text = sealed?.seal ?? snapshot?.seal;
  const seal =
    text === undefined
      ? { frontier: [{ node: workflow.entry.name, origin: "" }] }
      : withOrigins(JSON.parse(text) as Seal, sealed);
  const state = describedState(from.definition, start, deltas, workflow.fieldByName);
  return { superstep, seal: { ...seal, ...artifactsAt(record, superstep) }, state };
}

/** Every artifact that was bound up to a seal: the rows that bound them lie behind the snapshot. */
function artifactsAt({ snapshot, steps }: ScopeRecord, superstep: number): Pick<Seal, "artifacts"> {
  const earlier = snapshot === undefined ? {} : ((JSON.parse(snapshot.seal) as Seal).artifacts ?? {});
  const bound = new Map(Object.entries(earlier));
  for (const { detail, superstep: bindsAt } of steps) {
    if (detail === undefined || bindsAt > superstep) continue;
    for (const { path, sha256 } of artifactsOf(JSON.parse(detail) as StepDetail)) bound.set(path, sha256);
  }
  return bound.size === 0 ? {} : { artifacts: Object.fromEntries(bound) };
}

/** A seal outside the row that carried it names every origin. */
function withOrigins(seal: Seal, carrier: Parameters<Blobs["stepId"]>[0] | undefined): Seal {
  if (carrier === undefined) return seal;
  const implied = Blobs.stepIdOf(carrier);
  return { ...seal, frontier: seal.frontier.map((entry) => ({ ...entry, origin: entry.origin ?? implied })) };
}

async function headAfter(
  head: RunHead,
  result: CommitResult | undefined,
  runs: RunEnvironment["backend"]["runs"],
): Promise<RunHead> {
  if (result?.kind === "failed") throw result.error;
  const after = await runs.readHead(head.tenant, head.runId);
  if (result?.kind === "committed" && after !== undefined) return after;
  throw new FencedError(`Another process took over run ${head.runId}.`, { context: { runId: head.runId } });
}
