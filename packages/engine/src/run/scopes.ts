import { invariant } from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/** The scopes of a run that are open: the root, and one per nested workflow that has not ended (S1). */
export class Scopes {
  readonly root: ScopeExecution;
  readonly #byPath = new Map<string, ScopeExecution>();

  constructor(root: ScopeExecution) {
    this.root = root;
    this.#byPath.set("", root);
  }

  at(path: string): ScopeExecution | undefined {
    return this.#byPath.get(path);
  }

  /** The scope that a step belongs to, unless it has ended. */
  around(task: StepTask): ScopeExecution | undefined {
    return this.#byPath.get(task.place.scopePath);
  }

  /** The scope that a step belongs to; steps of a scope that has ended must have been dropped with it. */
  of(task: StepTask): ScopeExecution {
    const scope = this.#byPath.get(task.place.scopePath);
    invariant(scope !== undefined, `${task.stepId} belongs to a scope that has ended`);
    return scope;
  }

  open(scope: ScopeExecution): void {
    this.#byPath.set(scope.path, scope);
  }

  /** Closes a scope and those nested in it; returns their steps. */
  close(path: string): readonly StepTask[] {
    const scope = this.#byPath.get(path);
    if (scope === undefined) return [];
    this.#byPath.delete(path);
    scope.cancelTimer?.();
    return scope.tasks.flatMap((task) => [task, ...this.close(task.stepId)]);
  }

  /** When the first of the open scopes times out, in wall-clock milliseconds. */
  get timeoutAt(): number | undefined {
    const times = [...this.#byPath.values()]
      .map(({ timeoutAt }) => timeoutAt)
      .filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** No timeout of a nested workflow fires any more. */
  cancelTimers(): void {
    for (const scope of this.#byPath.values()) scope.cancelTimer?.();
  }

  /** True if no step of a failing scope runs any more: those that have begun finish first (S11). */
  isStill(scope: ScopeExecution): boolean {
    return scope.tasks.every((task) => this.isAtRest(task));
  }

  /** True if nothing of a step runs: it has ended, has not begun, or waits for the outside. */
  isAtRest(task: StepTask): boolean {
    const mayRun = task.status === "running" || (task.isFlow && task.status === "waiting");
    return !mayRun || this.#isParked(task);
  }

  /** True for a nested workflow or a flow in which everything that is left waits for the outside. */
  #isParked(task: StepTask): boolean {
    const child = this.#byPath.get(task.stepId);
    if (child === undefined || child.isBusy) return false;
    return child.tasks.every((inner) => {
      if (!this.isAtRest(inner)) return false;
      return inner.status !== "ready" || child.failures.length > 0;
    });
  }
}
