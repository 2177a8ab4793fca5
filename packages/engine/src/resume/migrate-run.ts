import {
  type CommitResult,
  encodeJson,
  FencedError,
  type JsonObject,
  type RunHead,
  type Seal,
  VersionMismatchError,
} from "@agentflow/core";
import { PendingCommit } from "../commit/pending-commit.ts";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { describedState } from "../inspect/described-state.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { originOf, progressOf } from "../run/run-progress.ts";
import { checkInputShape } from "../state/check-input.ts";
import { encodeState } from "../state/encode-state.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Blobs } from "./blobs.ts";
import type { MigratedData } from "./check-version.ts";
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
  from: MigratedData,
  environment: RunEnvironment,
): Promise<RunHead> {
  const { runs } = environment.backend;
  const point = await readLastSeal(head, workflow, from, environment);
  const migrated = workflow.model.migrate?.(point.state, {
    version: from.version,
    fingerprint: from.fingerprint,
  });
  checkInputShape(migrated, workflow, "state that `migrate` gave");
  const seal = point.seal ?? { frontier: [{ node: workflow.entry.name, origin: "" }] };
  const missing = seal.frontier.find((entry) => !workflow.nodes.has(entry.node));
  if (missing !== undefined) {
    const context = { runId: head.runId, node: missing.node };
    const message = `Run ${head.runId} goes on with node "${missing.node}", which the workflow in hand does not have.`;
    throw new VersionMismatchError(message, { context });
  }
  const { value } = encodeJson(migrated, "migrated state");
  const state = encodeState(new ScopeState(workflow, value as JsonObject));
  const commit = new PendingCommit();
  const at = environment.clock.now();
  const { fingerprint, description } = workflow.workflow;
  const data = JSON.stringify({ version: workflow.model.version, fingerprint, definition: description });
  commit.addMark({ type: "run.migrated", at, data, state: undefined, refs: undefined });
  const row = {
    scope: "",
    superstep: point.superstep,
    state: state.json,
    refs: state.refs,
    seal: JSON.stringify(seal),
  };
  commit.addSnapshot(row, state.blobs);
  const progress = { ...progressOf(head), seq: head.seq + 1, updatedAt: at };
  const [result] = await runs.commit([commit.build(originOf(head), progress)]);
  return headAfter(head, result, runs);
}

interface SealedPoint {
  readonly superstep: number;
  readonly seal: Seal | undefined;
  readonly state: ReturnType<typeof describedState>;
}

async function readLastSeal(
  head: RunHead,
  workflow: CompiledWorkflow,
  from: MigratedData,
  environment: RunEnvironment,
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
  const seal = text === undefined ? undefined : withOrigins(JSON.parse(text) as Seal, sealed);
  return { superstep, seal, state: describedState(from.definition, start, deltas, workflow.fieldByName) };
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
