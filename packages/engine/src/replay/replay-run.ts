import { type Failure, type MarkRow, type RunHead, toFailure, type Workflow } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { describedState } from "../inspect/described-state.ts";
import { Blobs } from "../resume/blobs.ts";
import { readMarkState } from "../resume/finished-outcome.ts";
import { migratedState } from "../resume/migrate-run.ts";
import { readInput } from "../resume/read-input.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import type { CompletedStep } from "../saga/compensation.ts";
import { completedStep, inReverse } from "../saga/completed-step.ts";
import { ScopeState } from "../state/scope-state.ts";
import { type Divergence, DivergenceFound, expectSameMembers, guarded, mismatch } from "./divergence.ts";
import { replaySaga } from "./replay-saga.ts";
import { type Replay, replayScope } from "./replay-scope.ts";
import { type RunVersion, readVersions } from "./run-versions.ts";

/** How a run is replayed. */
export interface ReplayOptions {
  /** Throw ReplayMismatchError at the first divergence instead of returning it. */
  readonly strict?: boolean | undefined;
  /** Trap Date.now, Math.random, crypto.randomUUID and fetch outside ctx; on by default (S25). */
  readonly trap?: boolean | undefined;
  /** Versions of the workflow that the run had before it was migrated: their steps are executed again too. */
  readonly earlier?: readonly Workflow[] | undefined;
}

/** What a replay found. */
export interface ReplayReport {
  readonly runId: string;
  readonly matches: boolean;
  /** Committed steps compared, nested ones included, up to the divergence. */
  readonly steps: number;
  /** Committed steps that were not: a version of the workflow that was not given made them, before a migration. */
  readonly unchecked: number;
  /** Recorded effects of the steps compared, none of which was repeated: transactions, and calls declared as `effect`. */
  readonly effects: number;
  readonly divergence?: Divergence;
}

/** Replays a stored run against a workflow (ENG-30, S25): no effects, no clock, no cache, no network. */
export async function replayRun(given: {
  readonly head: RunHead;
  readonly workflow: CompiledWorkflow;
  readonly options: ReplayOptions;
  readonly environment: Pick<RunEnvironment, "backend">;
}): Promise<ReplayReport> {
  const { head, workflow, options, environment } = given;
  const { earlier = [], strict, trap } = options;
  const { versions, end, patches, compensation } = await readVersions(
    head,
    { workflow, earlier },
    environment.backend.runs,
  );
  const completed: CompletedStep[] = [];
  const replay: Replay = {
    head,
    environment,
    trap: trap !== false,
    patches,
    steps: 0,
    effects: 0,
    onStep: (step, inWorkflow) => {
      const found = completedStep(step, inWorkflow);
      if (found !== undefined) completed.push(found);
    },
  };
  const { runId } = head;
  const unchecked = versions.reduce(
    (sum, { workflow, steps }) => sum + (workflow === undefined ? steps : 0),
    0,
  );
  try {
    let root: ScopeExecution | undefined;
    for (const [index, version] of versions.entries()) {
      if (index > 0) await compareMigration(replay, versions[index - 1] as RunVersion, version);
      root = await replayVersion(replay, version);
    }
    if (root !== undefined && end?.state !== undefined) await compareEnd(replay, end, root);
    if (root !== undefined && compensation !== undefined)
      await replaySaga(replay, root, { data: compensation.data, steps: inReverse(completed) });
    return { runId, matches: true, steps: replay.steps, unchecked, effects: replay.effects };
  } catch (error) {
    if (!(error instanceof DivergenceFound)) throw error;
    const { divergence } = error;
    if (strict === true) throw mismatch(runId, divergence);
    return { runId, matches: false, steps: replay.steps, unchecked, effects: replay.effects, divergence };
  }
}

/**
 * The completed steps of a stored run that declare how they are undone, the last to complete first; a failure if the
 * workflow in hand is not the one that made them. Steps of earlier versions are not known.
 */
export async function completedSteps(
  head: RunHead,
  workflow: CompiledWorkflow,
  environment: Pick<RunEnvironment, "backend">,
): Promise<readonly CompletedStep[] | Failure> {
  const { versions, patches } = await readVersions(head, { workflow, earlier: [] }, environment.backend.runs);
  const completed: CompletedStep[] = [];
  const onStep: Replay["onStep"] = (step, inWorkflow) => {
    const found = completedStep(step, inWorkflow);
    if (found !== undefined) completed.push(found);
  };
  const replay = { head, environment, trap: false, patches, steps: 0, effects: 0, onStep, isOnlyTold: true };
  try {
    for (const version of versions) await replayVersion(replay, version);
  } catch (error) {
    if (error instanceof DivergenceFound) return toFailure(mismatch(head.runId, error.divergence));
    throw error;
  }
  return inReverse(completed);
}

/** The root scope as far as a version went; undefined if the version was not given. */
async function replayVersion(replay: Replay, version: RunVersion): Promise<ScopeExecution | undefined> {
  const { workflow } = version;
  if (workflow === undefined) return undefined;
  const { head, environment } = replay;
  const values = await readInput(head, environment.backend.runs);
  return replayScope(replay, version, { path: "", workflow, values: () => values, parent: undefined });
}

/** `migrate` has to give again what it gave to the state that the stored rows and definition tell. */
async function compareMigration(replay: Replay, before: RunVersion, after: RunVersion): Promise<void> {
  const { definition, migration: earlier } = before;
  const { workflow, migration } = after;
  if (workflow?.model.migrate === undefined || migration === undefined || definition === undefined) return;
  const { head } = replay;
  const { runs } = replay.environment.backend;
  const { tenant, runId } = head;
  const record = await runs.readScope({ tenant, runId, scope: "", from: "start" });
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const patch = replay.patches.findLast(
    ({ scope, event }) => scope === "" && event > before.from && event < migration.mark.event,
  );
  const sealedFrom = patch?.superstep ?? earlier?.data.superstep ?? -1;
  const sealedTo = migration.data.superstep;
  const deltas = record.steps
    .filter(({ superstep }) => superstep > sealedFrom && superstep <= sealedTo)
    .map((row) => blobs.staged(row).values);
  const placed = patch ?? earlier?.mark;
  const start = placed === undefined ? await readInput(head, runs) : await readMarkState(head, placed, runs);
  const migrated = guarded("run", "migrate", () => {
    const state = describedState(definition.definition, start, deltas, workflow.fieldByName);
    return migratedState(workflow, definition, state).toJson();
  });
  expectSameMembers("run", "migrate", await readMarkState(head, migration.mark, runs), migrated);
}

/** The state that the run stopped with is what its steps fold to (I2), also where no later step has read it. */
async function compareEnd(replay: Replay, end: MarkRow, root: ScopeExecution): Promise<void> {
  const { head, environment } = replay;
  const recorded = await readMarkState(head, end, environment.backend.runs);
  // A field that was added since, with a default, had that value all along (S19).
  const expected = { ...recorded, ...new ScopeState(root.workflow, recorded).toJson() };
  expectSameMembers("run", "state", expected, root.state.toJson());
}
