import {
  ConflictError,
  type Failure,
  type FlowCallKey,
  type FrontierEntry,
  invariant,
  type Json,
  type Seal,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { DurableMark } from "../journal/step-journal.ts";
import { fold } from "../schedule/fold.ts";
import type { Arrivals } from "../schedule/joins.ts";
import { type Frontier, firstFrontier, nextFrontier } from "../schedule/next-frontier.ts";
import type { StagedStep } from "../schedule/staged-step.ts";
import type { FoldResult, ScopeState } from "../state/scope-state.ts";
import { StepTask } from "../step/step-task.ts";

/** A step of a scope that ended in failure, at its place. */
export interface ScopeFailure {
  readonly task: StepTask;
  readonly failure: Failure;
  readonly error: Error;
}

/** What sealing a superstep gave. */
export interface Sealed {
  /** Canonical JSON of the seal for the row that carries it. */
  readonly json: string;
  readonly conflicts: number;
  /** True when nothing follows: the scope has ended. */
  readonly isLast: boolean;
}

const noArrivals: Arrivals = new Map();

/**
 * One scope of a run: its state, its superstep and the steps in it (S1, S2). No I/O; the run decides when.
 *
 * 1. Steps are staged in any order and folded in ascending ordinal (I2).
 * 2. A scope whose `seal` threw is of no further use: the run fails, and a resume starts from the rows.
 */
export class ScopeExecution {
  readonly path: string;
  readonly workflow: CompiledWorkflow;
  readonly state: ScopeState;
  /** The step of the enclosing scope that this scope executes; undefined for the root. */
  readonly parent: { readonly scope: ScopeExecution; readonly task: StepTask } | undefined;
  /** Artifacts bound by sealed steps: path to SHA-256. */
  readonly artifacts: Map<string, string>;
  /** Fingerprint of the definition that the root state was migrated to, if it was (S19). */
  readonly definition: string | undefined;
  /** The commit that holds the seal which the steps start from, unless it is known to be durable. */
  base: DurableMark | undefined;
  superstep = 0;
  tasks: readonly StepTask[] = [];
  failures: ScopeFailure[] = [];
  /** Bytes of deltas since the last snapshot (S23), and the size from which one is considered. */
  deltaBytes = 0;
  snapshotFrom = 0;
  exited = false;
  /** Wall-clock milliseconds when the scope was opened. */
  startedAt = 0;
  /** Stops the timer of a nested workflow's timeout (S12), which comes at this time of the wall clock. */
  cancelTimer: (() => void) | undefined;
  timeoutAt: number | undefined;
  #staged: (StagedStep | undefined)[] = [];
  #stagedCount = 0;
  #arrivals: Arrivals = noArrivals;
  #entries: readonly FrontierEntry[] = [];

  constructor(given: {
    path: string;
    workflow: CompiledWorkflow;
    state: ScopeState;
    parent: ScopeExecution["parent"];
    artifacts?: ReadonlyMap<string, string>;
    definition?: string | undefined;
  }) {
    this.path = given.path;
    this.workflow = given.workflow;
    this.state = given.state;
    this.parent = given.parent;
    this.artifacts = new Map(given.artifacts);
    this.definition = given.definition;
  }

  /** The frontier of a scope that has just been opened. */
  begin(): void {
    this.#plan(firstFrontier(this.workflow, this.state.view));
  }

  /** The frontier a stored seal leads to. */
  restore(superstep: number, frontier: Frontier, exited: boolean): void {
    this.superstep = superstep;
    this.exited = exited;
    this.#plan(frontier);
  }

  /** Calls that the body of a flow has made have not ended; a graph makes none. */
  get hasOpenCalls(): boolean {
    return false;
  }

  /** Code of the scope's own body may run. */
  get isBusy(): boolean {
    return false;
  }

  /** The call of a flow that a step answers. */
  callOf(_task: StepTask): FlowCallKey | undefined {
    return undefined;
  }

  /** Takes a step's failure itself; false if it is one of the scope. */
  tellFailure(_task: StepTask, _failure: Failure): boolean {
    return false;
  }

  /** What a step works on, for the key of its cache. */
  inputsOf({ place, argument }: StepTask): Json {
    const state = this.state.toJson();
    return place.item === -1 ? { state } : { state, item: argument as Json };
  }

  get arrivals(): Arrivals {
    return this.#arrivals;
  }

  get isStaged(): boolean {
    return this.#stagedCount === this.tasks.length;
  }

  hasStaged(task: StepTask): boolean {
    return this.#staged[task.place.ordinal] !== undefined;
  }

  stage(task: StepTask, step: StagedStep): void {
    invariant(this.#staged[task.place.ordinal] === undefined, `${task.stepId} was staged twice`);
    this.#staged[task.place.ordinal] = step;
    this.#stagedCount++;
    task.status = "succeeded";
  }

  /**
   * Folds what is staged and finds what comes next (S2). Throws ConflictError, GraphError or what user code threw; the
   * state is then that of the last seal.
   */
  seal(): Sealed {
    const steps = this.#staged as StagedStep[];
    const folded = fold(this.workflow, this.state, steps);
    const artifacts = bindArtifacts(steps);
    const frontier = this.#planNext(folded.values, steps);
    for (const [path, sha256] of artifacts) this.artifacts.set(path, sha256);
    this.exited ||= frontier.exited;
    this.superstep++;
    this.#plan(frontier);
    const only = steps.length === 1 ? steps[0]?.stepId : undefined;
    return {
      json: this.#plainSeal(only) ?? JSON.stringify(this.describeSeal(only)),
      conflicts: folded.conflicts,
      isLast: this.tasks.length === 0,
    };
  }

  /** The seal this scope's frontier came from; `only` is the step id of a superstep's only step. */
  describeSeal(only?: string): Seal {
    const frontier = this.#entries.map((entry) => shorten(entry, only));
    const joins: Record<string, Record<string, string>> = {};
    for (const [join, seen] of this.#arrivals) joins[join] = Object.fromEntries(seen);
    return {
      frontier,
      ...(this.#arrivals.size === 0 ? {} : { joins }),
      ...(this.exited ? { exited: true } : {}),
    };
  }

  /** Routers run on the folded state; what they throw leaves the state as it was. */
  #planNext(values: FoldResult, steps: readonly StagedStep[]): Frontier {
    const takeBack = this.state.apply(values);
    try {
      return nextFrontier(this.workflow, this.state.view, steps, this.#arrivals);
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  /** The usual seal as JSON, with the bytes of {@link describeSeal}: it leads from one step over its first edge. */
  #plainSeal(only: string | undefined): string | undefined {
    const [entry] = this.#entries;
    if (entry === undefined || this.#entries.length > 1 || this.#arrivals.size > 0 || this.exited)
      return undefined;
    if (entry.items !== undefined || entry.edge !== 0 || entry.origin !== only) return undefined;
    return `{"frontier":[{"node":${JSON.stringify(entry.node)}}]}`;
  }

  #plan(frontier: Frontier): void {
    this.#arrivals = frontier.arrivals;
    this.#entries = frontier.scheduled.map((scheduled) => scheduled.entry);
    this.tasks = makeTasks(frontier, this);
    this.#staged = new Array<StagedStep | undefined>(this.tasks.length).fill(undefined);
    this.#stagedCount = 0;
    this.failures = [];
  }
}

/** Leaves out what the usual case implies: most seals lead from one step over its first edge. */
function shorten(entry: FrontierEntry, only: string | undefined): FrontierEntry {
  const { node, origin, edge, items, itemsHash } = entry;
  return {
    node,
    ...(origin === undefined || origin === only ? {} : { origin }),
    ...(edge === undefined || edge === 0 ? {} : { edge }),
    ...(items === undefined || itemsHash === undefined ? {} : { items, itemsHash }),
  };
}

function makeTasks(frontier: Frontier, scope: ScopeExecution): StepTask[] {
  const { view } = scope.state;
  const tasks: StepTask[] = [];
  const add = (
    scheduled: Frontier["scheduled"][number],
    item: number,
    argument: unknown,
    group: StepTask["group"],
  ): void => {
    const { origin, edge } = scheduled.entry;
    const place = {
      scopePath: scope.path,
      superstep: scope.superstep,
      ordinal: tasks.length,
      item,
      origin,
      edge,
    };
    tasks.push(new StepTask(scheduled.node, place, { argument, view, group }));
  };
  for (const scheduled of frontier.scheduled) {
    if (scheduled.items === undefined) {
      add(scheduled, -1, view, undefined);
      continue;
    }
    const { concurrency } = scheduled.node.model;
    const group = concurrency === undefined ? undefined : { max: concurrency, running: 0 };
    for (const [index, item] of scheduled.items.entries()) add(scheduled, index, item, group);
  }
  return tasks;
}

function bindArtifacts(steps: readonly StagedStep[]): Map<string, string> {
  const bound = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const step of steps) {
    for (const artifact of step.artifacts) {
      const owner = owners.get(artifact.path);
      if (owner !== undefined && owner !== step.stepId) throw sameArtifact(artifact.path, owner, step.stepId);
      owners.set(artifact.path, step.stepId);
      bound.set(artifact.path, artifact.sha256);
    }
  }
  return bound;
}

function sameArtifact(path: string, first: string, second: string): ConflictError {
  return new ConflictError(`${first} and ${second} wrote the artifact "${path}" in one superstep.`, {
    hint: "Give each step a path of its own, for example with the item in it.",
    context: { artifact: path, steps: [first, second] },
  });
}
