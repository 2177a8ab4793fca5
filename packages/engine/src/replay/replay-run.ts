import type { Json, RunHead, Seal, StepDetail, StepRow } from "@agentflow/core";
import { type CompiledWorkflow, compile } from "../compile/compiled-workflow.ts";
import { Blobs } from "../resume/blobs.ts";
import { readInput } from "../resume/read-input.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import { ScopeExecution } from "../run/scope-execution.ts";
import { checkInputShape } from "../state/check-input.ts";
import { encodeDelta } from "../state/delta.ts";
import { encodeInput, ScopeState } from "../state/scope-state.ts";
import type { StepTask } from "../step/step-task.ts";
import {
  type Divergence,
  DivergenceFound,
  expectSame,
  expectSameMembers,
  guarded,
  mismatch,
} from "./divergence.ts";
import { entriesByPosition, positionKey } from "./recorded-entries.ts";
import { type RecordedStep, replayStep } from "./replay-step.ts";

/** How a run is replayed. */
export interface ReplayOptions {
  /** Throw ReplayMismatchError at the first divergence instead of returning it. */
  readonly strict?: boolean | undefined;
  /** Trap Date.now, Math.random, crypto.randomUUID and fetch outside ctx; on by default (S25). */
  readonly trap?: boolean | undefined;
}

/** What a replay found. */
export interface ReplayReport {
  readonly runId: string;
  readonly matches: boolean;
  /** Committed steps compared, nested ones included, up to the divergence. */
  readonly steps: number;
  /** Recorded effects of those steps, none of which was repeated: transactions, and calls declared as `effect`. */
  readonly effects: number;
  readonly divergence?: Divergence;
}

interface Replay {
  readonly head: RunHead;
  readonly environment: RunEnvironment;
  readonly trap: boolean;
  steps: number;
  effects: number;
}

/** Replays a stored run against a workflow (ENG-30, S25): no effects, no clock, no cache, no network. */
export async function replayRun(given: {
  readonly head: RunHead;
  readonly workflow: CompiledWorkflow;
  readonly options: ReplayOptions;
  readonly environment: RunEnvironment;
}): Promise<ReplayReport> {
  const { head, workflow, options, environment } = given;
  const replay: Replay = { head, environment, trap: options.trap !== false, steps: 0, effects: 0 };
  const { runId } = head;
  try {
    const values = await readInput(head, environment.backend.runs);
    await replayScope(replay, { path: "", workflow, values, parent: undefined });
    return { runId, matches: true, steps: replay.steps, effects: replay.effects };
  } catch (error) {
    if (!(error instanceof DivergenceFound)) throw error;
    if (options.strict === true) throw mismatch(runId, error.divergence);
    return {
      runId,
      matches: false,
      steps: replay.steps,
      effects: replay.effects,
      divergence: error.divergence,
    };
  }
}

interface ScopePlan {
  readonly path: string;
  readonly workflow: CompiledWorkflow;
  readonly values: Readonly<Record<string, Json>>;
  readonly parent: ScopeExecution["parent"];
}

/** Replays a scope superstep by superstep; returns it as far as its record goes. */
async function replayScope(replay: Replay, plan: ScopePlan): Promise<ScopeExecution> {
  const { tenant, runId } = replay.head;
  const { runs } = replay.environment.backend;
  const record = await runs.readScope({ tenant, runId, scope: plan.path, from: "start" });
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const rows = new Map(record.steps.map((row) => [positionKey(row), row]));
  const extras = lastBySuperstep(record.steps);
  const entries = entriesByPosition(record, blobs);
  const scope = new ScopeExecution({ ...plan, state: new ScopeState(plan.workflow, plan.values) });
  guarded(plan.path === "" ? "run" : plan.path, "frontier", () => scope.begin());
  while (scope.tasks.length > 0) {
    const recorded = scope.tasks.map((task) => rows.get(positionKey({ ...task.place, scope: plan.path })));
    const last = extras.get(scope.superstep);
    if (last !== undefined && last.ordinal >= scope.tasks.length) {
      const first = rows.get(positionKey({ ...last, ordinal: scope.tasks.length }));
      refuseExtra(scope, first ?? last);
    }
    for (const [ordinal, row] of recorded.entries()) {
      const task = scope.tasks[ordinal] as StepTask;
      if (row === undefined) continue;
      expectSame(task.stepId, "node", row.node, task.node.name);
      expectSame(task.stepId, "item", row.item, task.place.item);
      expectSame(task.stepId, "origin", row.origin, task.place.origin);
      expectSame(task.stepId, "edge", row.edge, task.place.edge);
      const detail = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
      const staged = blobs.staged(row);
      const step = { task, row, detail, values: staged.values, entries: entries.get(positionKey(row)) ?? [] };
      await replayOne(replay, scope, step);
      replay.steps++;
      replay.effects += step.entries.filter((entry) => entry.kind === "tx" || entry.effect === true).length;
      scope.stage(task, staged);
    }
    if (recorded.includes(undefined)) return scope;
    compareSeal(scope, recorded as StepRow[]);
  }
  return scope;
}

async function replayOne(replay: Replay, scope: ScopeExecution, step: RecordedStep): Promise<void> {
  const { task, detail } = step;
  if (task.isNested && detail.recovered === undefined) {
    await replayNested(replay, scope, step);
    return;
  }
  // Recovered and cached outcomes are taken as recorded (S25).
  if (detail.recovered === undefined && detail.cache?.answer !== "hit") {
    await replayStep(replay.head, scope, step, { trap: replay.trap });
  }
}

async function replayNested(replay: Replay, scope: ScopeExecution, step: RecordedStep): Promise<void> {
  const { task } = step;
  const { body } = task.node.model;
  if (body.type !== "nested") return;
  const workflow = compile(body.child);
  const { values } = guarded(task.stepId, "input", () => {
    const input = body.input(task.argument) as Readonly<Record<string, unknown>>;
    checkInputShape(input, workflow, `input of ${task.stepId}`);
    return encodeInput(input, workflow, `input of ${task.stepId}`);
  });
  const child = await replayScope(replay, { path: task.stepId, workflow, values, parent: { scope, task } });
  const delta = guarded(task.stepId, "output", () =>
    encodeDelta(body.output(child.state.view, task.argument), scope.workflow, task.stepId),
  );
  expectSameMembers(task.stepId, "delta", step.values, delta.values);
}

/** The row of the highest ordinal per superstep. */
function lastBySuperstep(rows: readonly StepRow[]): ReadonlyMap<number, StepRow> {
  const last = new Map<number, StepRow>();
  for (const row of rows)
    if ((last.get(row.superstep)?.ordinal ?? -1) < row.ordinal) last.set(row.superstep, row);
  return last;
}

/** A step in the record that the frontier does not have is where the replay diverges. */
function refuseExtra(scope: ScopeExecution, row: StepRow): void {
  const planned = scope.tasks.map((task) => task.stepId);
  expectSame(Blobs.stepIdOf(row), "frontier", Blobs.stepIdOf(row), planned.slice(0, 20));
}

function compareSeal(scope: ScopeExecution, rows: readonly StepRow[]): void {
  const carrier = rows.find((row) => row.seal !== undefined);
  const last = rows.at(-1) as StepRow;
  const stepId = Blobs.stepIdOf(last);
  const sealed = guarded(stepId, "seal", () => scope.seal());
  // A superstep that was sealed by a later resume has its seal in a snapshot.
  if (carrier?.seal === undefined) return;
  const expected = JSON.parse(carrier.seal) as Seal;
  const actual = JSON.parse(sealed.json) as Seal;
  for (const [index, entry] of expected.frontier.entries()) {
    expectSame(stepId, `seal.frontier[${index}]`, entry, actual.frontier[index]);
  }
  expectSameMembers(stepId, "seal", { ...expected }, { ...actual });
}
