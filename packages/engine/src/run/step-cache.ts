import { cacheKey, type Json, ValidationError } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { encodeDelta } from "../state/delta.ts";
import type { Attempt } from "../step/attempt.ts";
import type { CacheIdentity, StepHost } from "../step/step-host.ts";
import { type AttemptEvents, callNode, type Returned } from "./call-node.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/** An outcome as the step cache keeps it: encoded values per field, and the goto. */
interface CachedOutcome {
  readonly values: Readonly<Record<string, Json>>;
  readonly goto?: readonly string[];
}

/**
 * Calls a node whose policy asks the step cache first (RUN-20). The key covers the workflow's version and fingerprint,
 * the node, its item and the state it reads; a cache that fails is a miss.
 */
export function callCached(
  attempt: Attempt,
  host: StepHost,
  events: AttemptEvents,
  scope: ScopeExecution,
): void {
  const { node } = attempt.task;
  const kind = node.model.policy.cache === "run" ? "run" : "shared";
  const { cache } = host;
  if (cache === undefined) {
    callNode(attempt, host, events);
    return;
  }
  const inputs = scope.inputsOf(attempt.task);
  const identity = host.cacheIdentity(attempt.task);
  const key = cacheKey({ tenant: host.tenant, step: node.name, inputs, ...identity });
  const missed = (): void => {
    if (attempt.isRevoked) return;
    callNode(attempt, host, {
      returned: (_attempt, result) => events.returned(attempt, { ...result, cache: { answer: "miss", key } }),
      thrown: (_attempt, error) => events.thrown(attempt, error),
    });
  };
  const answered = (json: string | undefined): void => {
    const outcome = json === undefined ? undefined : readOutcome(json, scope, attempt.task.stepId);
    if (outcome === undefined) missed();
    else if (!attempt.isRevoked) events.returned(attempt, { ...outcome, cache: { answer: "hit", key } });
  };
  void cache.get(host.cacheScope(kind), key).then(answered);
}

/** Keeps an outcome for later; one that wrote artifacts is not kept, because a hit would not write them. */
export function keepOutcome(
  attempt: Attempt,
  host: StepHost,
  outcome: {
    readonly key: string;
    readonly values: Readonly<Record<string, Json>>;
    readonly goto: Returned["goto"];
  },
): void {
  if (host.cache === undefined || attempt.artifacts.length > 0) return;
  const kind = attempt.task.node.model.policy.cache === "run" ? "run" : "shared";
  const kept: CachedOutcome = {
    values: outcome.values,
    ...(outcome.goto === undefined ? {} : { goto: outcome.goto }),
  };
  void host.cache.put(host.cacheScope(kind), outcome.key, JSON.stringify(kept));
}

/** An entry that is no outcome of this node is a miss. */
function readOutcome(json: string, scope: ScopeExecution, stepId: string): Returned | undefined {
  const parsed = JSON.parse(json) as Partial<CachedOutcome> | null;
  if (typeof parsed?.values !== "object" || parsed.values === null) return undefined;
  try {
    encodeDelta(parsed.values, scope.workflow, stepId, "encoded");
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
  return { delta: parsed.values, goto: parsed.goto };
}

/** What tells a step of this workflow from one of the same name in another. */
export function cacheIdentityOf({ model, workflow }: CompiledWorkflow): CacheIdentity {
  return { workflow: model.name, version: model.version, fingerprint: workflow.fingerprint };
}
