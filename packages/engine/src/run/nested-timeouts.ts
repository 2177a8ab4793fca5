import { timedOut } from "./attempts.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/**
 * Timeouts of nested workflows (S12).
 *
 * 1. The time runs from the first start that rows of the scope, or of those within it, tell of: also while nobody has the
 *    run. A scope of which nothing is stored begins when it is opened.
 * 2. Whoever resumes a run that has failed gives it new time, as it gets new attempts.
 * 3. The stored start, which is one of the wall clock, is read once: when the scope is opened. Setting the clock later
 *    changes nothing, and no timeout takes longer than it was declared.
 */
export class NestedTimeouts {
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    this.#run = run;
    this.#environment = environment;
  }

  /** A scope was opened: its time runs, and that of those around it. False if one of them has none left. */
  begin(scope: ScopeExecution): boolean {
    if (!this.#arm(scope)) return false;
    const { startedAt } = scope;
    let around = scope.parent?.scope;
    for (; around?.parent !== undefined && around.startedAt > startedAt; around = around.parent.scope) {
      around.startedAt = startedAt;
      if (!this.#arm(around)) return false;
    }
    return true;
  }

  #arm(scope: ScopeExecution): boolean {
    const task = scope.parent?.task;
    const timeoutMs = task?.node.model.policy.timeoutMs;
    if (task === undefined || timeoutMs === undefined || task.isFlow) return true;
    const { clock, limitClock } = this.#environment;
    const begunAt = Math.max(scope.startedAt, this.#run.roundStartedAt);
    const leftMs = Math.min(Math.max(0, begunAt + timeoutMs - clock.now()), timeoutMs);
    const expire = (): void => this.#run.failures.nestedFailed(task, timedOut(task, timeoutMs));
    scope.cancelTimer?.();
    if (leftMs === 0) {
      expire();
      return false;
    }
    scope.timeoutAt = clock.now() + leftMs;
    scope.cancelTimer = limitClock.setTimer(leftMs, expire);
    return true;
  }
}
