import {
  compareDefinitions,
  type MarkRow,
  parseStepId,
  type RecordRow,
  type RunHead,
  type RunStore,
  type ScopeRecord,
  type StepRow,
  type WorkflowDescription,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { Blobs } from "../resume/blobs.ts";
import { compareVersion, type MigratedData, readOriginal } from "../resume/check-version.ts";
import { placedState } from "../resume/placed-state.ts";
import { readInput } from "../resume/read-input.ts";
import { advanceScope, openAt, restoreScope, type ScopeOrigin } from "../resume/restore-scope.ts";
import { nestedOrigin } from "../run/nested-origin.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";

/** A state that was reached: of which scope, after which superstep. */
export interface ReachedState {
  readonly scope: string;
  readonly superstep: number;
  /** Frozen: fields as nodes read them. */
  readonly view: object;
}

interface FollowedScope {
  readonly origin: ScopeOrigin;
  execution: ScopeExecution;
  /** Outcomes of its superstep so far. */
  rows: StepRow[];
}

/**
 * Folds the rows of a run, in event order, to the state of each of its scopes (I2), by the workflow in hand. No step is
 * executed; reducers, item lists and inputs of nested workflows are pure and called again.
 *
 * 1. Rows that another, incompatible version of the workflow made give no state; a migration to this one begins anew.
 */
export class StateFollower {
  readonly #head: RunHead;
  readonly #workflow: CompiledWorkflow;
  readonly #runs: RunStore;
  readonly #scopes = new Map<string, FollowedScope>();
  #rootOrigin: ScopeOrigin | undefined;

  private constructor(head: RunHead, workflow: CompiledWorkflow, runs: RunStore) {
    this.#head = head;
    this.#workflow = workflow;
    this.#runs = runs;
  }

  /** Rejects with VersionMismatchError where no row of the run can be folded by this workflow. */
  static async open(head: RunHead, workflow: CompiledWorkflow, runs: RunStore): Promise<StateFollower> {
    await compareVersion(head, workflow, runs);
    const follower = new StateFollower(head, workflow, runs);
    const values = await readInput(head, runs);
    follower.#rootOrigin = { path: "", workflow, values, parent: undefined };
    const original = await readOriginal(head, runs);
    if (original !== undefined && follower.#fits(original.definition))
      follower.#put(follower.#rootOrigin, openAt(follower.#rootOrigin, undefined, noBlobs));
    return follower;
  }

  /** The scope at a path as far as it was followed; the root for "". */
  at(path: string): ScopeExecution | undefined {
    return this.#around(path)?.execution;
  }

  /** The next row; what it gives if it carries a seal, or puts another state in the place of one. */
  async apply(record: RecordRow): Promise<ReachedState | undefined> {
    if (record.kind === "mark") return this.#applyMark(record.row);
    if (record.kind !== "step") return undefined;
    const { row } = record;
    const followed = this.#around(row.scope);
    if (followed === undefined) return undefined;
    if (row.superstep > followed.execution.superstep) await this.#catchUp(followed, row.superstep);
    followed.rows.push(row);
    if (row.seal === undefined) return undefined;
    const rows = followed.rows.toSorted((a, b) => a.ordinal - b.ordinal);
    followed.rows = [];
    this.#closeInside(rows);
    const { execution } = followed;
    advanceScope(execution, rows, await this.#blobs({ steps: rows }));
    return { scope: row.scope, superstep: row.superstep, view: execution.state.view };
  }

  /** A migration or the patch of a fork puts a new state in the place of the one that was folded. */
  async #applyMark(row: MarkRow): Promise<ReachedState | undefined> {
    const snapshot = placedState(row);
    if (snapshot === undefined) return undefined;
    const { definition } = JSON.parse(row.data ?? "{}") as Partial<MigratedData>;
    if (definition !== undefined && !this.#fits(definition)) {
      this.#scopes.clear();
      return undefined;
    }
    const { scope, superstep } = snapshot;
    const isKnown = definition !== undefined || this.#around(scope) !== undefined;
    const origin = scope === "" ? this.#rootOrigin : this.#around(scope)?.origin;
    if (!isKnown || origin === undefined) return undefined;
    const execution = openAt(origin, snapshot, await this.#blobs({ snapshot }));
    this.#put(origin, execution);
    return { scope, superstep, view: execution.state.view };
  }

  /** Opens a nested scope with its first row: its input is the one that its step gives it. */
  #around(path: string): FollowedScope | undefined {
    const known = this.#scopes.get(path);
    if (known !== undefined || path === "") return known;
    const parent = this.#around(parseStepId(path).scope);
    const task = parent?.execution.tasks.find(({ stepId }) => stepId === path);
    // The calls of a flow have no state of their own.
    if (parent === undefined || task?.node.model.body.type !== "nested") return undefined;
    const origin = nestedOrigin(task, parent.execution);
    return this.#put(origin, openAt(origin, undefined, noBlobs));
  }

  /** A seal that was tried again after a resume is in a snapshot and on no row. */
  async #catchUp(followed: FollowedScope, superstep: number): Promise<void> {
    const { tenant, runId } = this.#head;
    const { path: scope } = followed.origin;
    const upTo = superstep - 1;
    const record = await this.#runs.readScope({ tenant, runId, scope, from: "snapshot", upTo });
    const steps = record.steps.filter((row) => row.superstep < superstep);
    const blobs = await this.#blobs({ snapshot: record.snapshot, steps });
    followed.execution = restoreScope(followed.origin, { snapshot: record.snapshot, steps }, blobs);
    followed.rows = [];
  }

  #put(origin: ScopeOrigin, execution: ScopeExecution): FollowedScope {
    const followed: FollowedScope = { origin, execution, rows: [] };
    this.#scopes.set(origin.path, followed);
    return followed;
  }

  /** Nested workflows of a superstep that is sealed have ended. */
  #closeInside(rows: readonly StepRow[]): void {
    if (this.#scopes.size === 1) return;
    const ended = rows.map((row) => Blobs.stepIdOf(row));
    for (const path of [...this.#scopes.keys()]) {
      if (ended.some((stepId) => path === stepId || path.startsWith(`${stepId}/`))) this.#scopes.delete(path);
    }
  }

  #fits(definition: WorkflowDescription): boolean {
    return compareDefinitions(definition, this.#workflow.workflow.description).compatible;
  }

  #blobs(rows: Partial<Pick<ScopeRecord, "snapshot" | "steps">>): Promise<Blobs> {
    const { tenant, runId } = this.#head;
    const record = { snapshot: undefined, steps: [], journal: [], attempts: [], ...rows };
    return Blobs.of({ tenant, runId, runs: this.#runs }, record);
  }
}

const noBlobs = new Blobs(new Map());
