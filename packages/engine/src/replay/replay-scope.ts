import {
  InvariantError,
  type Json,
  type Position,
  type RunHead,
  type ScopeRecord,
  type Seal,
  type SnapshotRow,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import { type CompiledWorkflow, compile } from "../compile/compiled-workflow.ts";
import { Blobs } from "../resume/blobs.ts";
import { migratedSnapshot } from "../resume/migrate-run.ts";
import { openAt, restoreScope } from "../resume/restore-scope.ts";
import { nestedOrigin } from "../run/nested-origin.ts";
import type { RunEnvironment } from "../run/run-environment.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { encodeDelta } from "../state/delta.ts";
import type { StepTask } from "../step/step-task.ts";
import { expectSame, expectSameMembers, guarded } from "./divergence.ts";
import { entriesByPosition, positionKey } from "./recorded-entries.ts";
import { replayFlow } from "./replay-flow.ts";
import { type RecordedStep, replayStep } from "./replay-step.ts";
import type { RunVersion } from "./run-versions.ts";

/** A replay under way, and what it has counted. */
export interface Replay {
  readonly head: RunHead;
  readonly environment: Pick<RunEnvironment, "backend">;
  readonly trap: boolean;
  /** The states that forks patched, in the order in which they did (S23). */
  readonly patches: readonly SnapshotRow[];
  steps: number;
  effects: number;
  /** Hears of each committed step, with the workflow it belongs to. */
  readonly onStep?: (step: RecordedStep, workflow: CompiledWorkflow) => void;
  /** Steps are told and not executed again, but for the bodies of flows, which alone know their steps. */
  readonly isOnlyTold?: boolean;
}

/** A scope to be replayed. */
export interface ScopePlan {
  readonly path: string;
  readonly workflow: CompiledWorkflow;
  readonly parent: ScopeExecution["parent"];
  /** The values it starts from, asked for only if it has begun. */
  readonly values: () => Readonly<Record<string, Json>>;
}

/**
 * Replays a scope superstep by superstep and returns it as far as its record goes; undefined if it has not begun. Throws
 * DivergenceFound.
 */
export async function replayScope(
  replay: Replay,
  version: RunVersion,
  plan: ScopePlan,
): Promise<ScopeExecution | undefined> {
  const { tenant, runId } = replay.head;
  const { runs } = replay.environment.backend;
  const snapshot = plan.path === "" ? startOf(version) : undefined;
  const whole = await runs.readScope({ tenant, runId, scope: plan.path, from: "start" });
  const record = within(whole, version.until, snapshot);
  if (plan.path !== "" && record.steps.length === 0) return undefined;
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const scope = guarded(plan.path === "" ? "run" : plan.path, "frontier", () =>
    restoreScope(
      { ...plan, values: plan.values() },
      { snapshot, steps: record.steps.filter(({ event }) => event < version.from) },
      blobs,
    ),
  );
  const patches = replay.patches.filter(
    ({ scope: path, event }) =>
      path === plan.path && event < version.until && (path !== "" || event > version.from),
  );
  return new ScopeReplay(replay, version, { plan, record, blobs, scope, patches }).run();
}

/** What the root scope goes on from after a migration. */
function startOf({ migration }: RunVersion): SnapshotRow | undefined {
  if (migration === undefined) return undefined;
  const { mark, data } = migration;
  const { seq, epoch, event } = mark;
  return { ...migratedSnapshot(data, { json: mark.state ?? "{}", refs: mark.refs }), seq, epoch, event };
}

/** The rows of a scope that a version made, and those that it found and went on from. */
function within(record: ScopeRecord, until: number, snapshot: SnapshotRow | undefined): ScopeRecord {
  const after = snapshot?.superstep ?? -1;
  const isIn = ({
    superstep,
    event,
  }: StepRow | ScopeRecord["journal"][number] | ScopeRecord["attempts"][number]) =>
    superstep > after && event < until;
  const { steps, journal, attempts } = record;
  return {
    snapshot,
    steps: steps.filter(isIn),
    journal: journal.filter(isIn),
    attempts: attempts.filter(isIn),
  };
}

interface ReplayedScope {
  readonly plan: ScopePlan;
  readonly record: ScopeRecord;
  readonly blobs: Blobs;
  readonly scope: ScopeExecution;
  readonly patches: readonly SnapshotRow[];
}

class ScopeReplay {
  readonly #replay: Replay;
  readonly #version: RunVersion;
  readonly #plan: ScopePlan;
  readonly #patches: readonly SnapshotRow[];
  #scope: ScopeExecution;
  readonly #record: ScopeRecord;
  readonly #blobs: Blobs;
  readonly #rows: ReadonlyMap<string, StepRow>;
  readonly #last: ReadonlyMap<number, StepRow>;
  readonly #entries: ReturnType<typeof entriesByPosition>;

  constructor(replay: Replay, version: RunVersion, { plan, record, blobs, scope, patches }: ReplayedScope) {
    this.#plan = plan;
    this.#patches = patches;
    this.#replay = replay;
    this.#version = version;
    this.#scope = scope;
    this.#record = record;
    this.#blobs = blobs;
    this.#rows = new Map(record.steps.map((row) => [positionKey(row), row]));
    this.#last = lastBySuperstep(record.steps);
    this.#entries = entriesByPosition(record, blobs);
  }

  /** Returns the scope as far as its record goes. */
  async run(): Promise<ScopeExecution> {
    for (;;) {
      await this.#patch();
      if (this.#scope.tasks.length === 0 || !(await this.#replaySuperstep())) return this.#scope;
    }
  }

  /** False if the record ends before the superstep does. */
  async #replaySuperstep(): Promise<boolean> {
    const scope = this.#scope;
    const { superstep } = scope;
    const recorded = scope.tasks.map(({ place }) =>
      this.#rows.get(positionKey({ ...place, scope: scope.path })),
    );
    const last = this.#last.get(superstep);
    if (last !== undefined && last.ordinal >= scope.tasks.length) {
      const first = this.#rows.get(positionKey({ ...last, ordinal: scope.tasks.length }));
      refuseExtra(scope, first ?? last);
    }
    for (const [ordinal, row] of recorded.entries())
      await this.#replayTask(scope.tasks[ordinal] as StepTask, row);
    return !recorded.includes(undefined) && this.#compareSeal(recorded as StepRow[]);
  }

  /** A fork put another state behind the seal; what it did from there on is compared with that. */
  async #patch(): Promise<void> {
    const snapshot = this.#patches.findLast(({ superstep }) => superstep === this.#scope.superstep - 1);
    if (snapshot === undefined) return;
    const { tenant, runId } = this.#replay.head;
    const { runs } = this.#replay.environment.backend;
    const record = { snapshot, steps: [], journal: [], attempts: [] };
    const blobs = await Blobs.of({ tenant, runId, runs }, record);
    const { path } = this.#plan;
    this.#scope = guarded(path === "" ? "run" : path, "frontier", () =>
      openAt({ ...this.#plan, values: this.#plan.values() }, snapshot, blobs),
    );
  }

  async #replayTask(task: StepTask, row: StepRow | undefined): Promise<void> {
    const scope = this.#scope;
    if (scope.hasStaged(task)) return;
    if (row === undefined) {
      // What a nested workflow did is committed before its step is.
      if (task.isFlow) await this.#replayFlow(task, undefined, scope);
      else if (task.isNested) await this.#replayNested(task, scope);
      return;
    }
    expectSame(task.stepId, "node", row.node, task.node.name);
    expectSame(task.stepId, "item", row.item, task.place.item);
    expectSame(task.stepId, "origin", row.origin, task.place.origin);
    expectSame(task.stepId, "edge", row.edge, task.place.edge);
    const detail = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
    const staged = this.#blobs.staged(row);
    const step = {
      task,
      row,
      detail,
      values: staged.values,
      entries: this.#entries.get(positionKey(row)) ?? [],
    };
    await this.#replayStep(step, scope);
    scope.stage(task, staged);
  }

  async #replayStep(step: RecordedStep, scope: ScopeExecution): Promise<void> {
    await this.#compareStep(step, scope);
    this.#replay.steps++;
    this.#replay.effects += step.entries.filter(
      (entry) => entry.kind === "tx" || entry.effect === true,
    ).length;
  }

  async #compareStep(step: RecordedStep, scope: ScopeExecution): Promise<void> {
    const { task, detail } = step;
    const { head, trap, onStep, isOnlyTold } = this.#replay;
    onStep?.(step, scope.workflow);
    // Recovered and cached outcomes are taken as recorded (S25).
    if (detail.recovered !== undefined) return;
    if (task.isFlow) {
      await this.#replayFlow(task, step, scope);
      return;
    }
    if (!task.isNested) {
      if (detail.cache?.answer !== "hit" && isOnlyTold !== true)
        await replayStep(head, scope, step, { trap });
      return;
    }
    const child = await this.#replayNested(task, scope);
    const { body } = task.node.model;
    if (child === undefined || body.type !== "nested") {
      expectSame(task.stepId, "scope", "a nested workflow that has begun", "nothing");
      return;
    }
    const delta = guarded(task.stepId, "output", () =>
      encodeDelta(body.output(child.state.view, task.argument), scope.workflow, task.stepId),
    );
    expectSameMembers(task.stepId, "delta", step.values, delta.values);
  }

  /** The body of a flow and, with it, the steps that it calls. */
  async #replayFlow(task: StepTask, outcome: RecordedStep | undefined, scope: ScopeExecution): Promise<void> {
    const { tenant, runId } = this.#replay.head;
    const { runs } = this.#replay.environment.backend;
    const whole = await runs.readScope({ tenant, runId, scope: task.stepId, from: "start" });
    const record = within(whole, this.#version.until, undefined);
    const isIts = (row: Position): boolean =>
      row.superstep === task.place.superstep && row.ordinal === task.place.ordinal;
    const journal = this.#record.journal.filter(isIts);
    const blobs = await Blobs.of(
      { tenant, runId, runs },
      { ...record, journal: [...record.journal, ...journal] },
    );
    if (outcome === undefined && record.steps.length + journal.length === 0) return;
    const failedAttempts = Math.max(0, ...this.#record.attempts.filter(isIts).map((row) => row.attempt));
    await replayFlow(this.#replay, scope, {
      task,
      outcome,
      journal,
      failedAttempts,
      record,
      blobs,
      replay: (calls, step) => this.#replayStep(step, calls),
    });
  }

  async #replayNested(task: StepTask, scope: ScopeExecution): Promise<ScopeExecution | undefined> {
    const { body } = task.node.model;
    if (body.type !== "nested") return undefined;
    const workflow = compile(body.child);
    const values = () => guarded(task.stepId, "input", () => nestedOrigin(task, scope).values);
    const parent = { scope, task };
    return replayScope(this.#replay, this.#version, { path: task.stepId, workflow, values, parent });
  }

  /** False if the record tells of no seal after this superstep, and there is none: it was refused then, as it is now. */
  #compareSeal(rows: readonly StepRow[]): boolean {
    const scope = this.#scope;
    const carrier = rows.find((row) => row.seal !== undefined);
    const stepId = Blobs.stepIdOf(rows.at(-1) as StepRow);
    if (carrier?.seal === undefined) {
      // A superstep that was sealed by a later resume has its seal in a snapshot.
      if (this.#last.has(scope.superstep + 1)) guarded(stepId, "seal", () => scope.seal());
      else return isSealed(scope);
      return true;
    }
    const sealed = guarded(stepId, "seal", () => scope.seal());
    const expected = JSON.parse(carrier.seal) as Seal;
    const actual = JSON.parse(sealed.json) as Seal;
    for (const [index, entry] of expected.frontier.entries()) {
      expectSame(stepId, `seal.frontier[${index}]`, entry, actual.frontier[index]);
    }
    expectSameMembers(stepId, "seal", { ...expected }, { ...actual });
    return true;
  }
}

/** Seals the superstep, or says that it cannot be. */
function isSealed(scope: ScopeExecution): boolean {
  try {
    scope.seal();
    return true;
  } catch (error) {
    if (error instanceof InvariantError) throw error;
    return false;
  }
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
