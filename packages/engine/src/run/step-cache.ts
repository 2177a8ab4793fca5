import { cacheKey, type Json, type JsonObject } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import type { StepHost } from "../step/step-host.ts";
import { type AttemptEvents, callNode, type Returned } from "./call-node.ts";

/** An outcome as the step cache keeps it: encoded values per field, and the goto. */
interface CachedOutcome {
  readonly values: Readonly<Record<string, Json>>;
  readonly goto?: readonly string[];
}

/**
 * Calls a node whose policy asks the step cache first (RUN-20). The key covers the workflow's version and fingerprint,
 * the node, its item and the state it reads; a cache that fails is a miss.
 */
export function callCached(attempt: Attempt, host: StepHost, events: AttemptEvents, state: JsonObject): void {
  const { node, place, argument } = attempt.task;
  const kind = node.model.policy.cache === "run" ? "run" : "shared";
  const { cache } = host;
  if (cache === undefined) {
    callNode(attempt, host, events);
    return;
  }
  const inputs = place.item === -1 ? { state } : { state, item: argument as Json };
  const key = cacheKey({ tenant: host.tenant, step: node.name, inputs, ...host.cacheIdentity });
  const missed = (): void => {
    if (attempt.isRevoked) return;
    callNode(attempt, host, {
      returned: (_attempt, result) => events.returned(attempt, { ...result, cache: { answer: "miss", key } }),
      thrown: (_attempt, error) => events.thrown(attempt, error),
    });
  };
  const answered = (json: string | undefined): void => {
    const outcome = json === undefined ? undefined : readOutcome(json);
    if (outcome === undefined) missed();
    else if (!attempt.isRevoked) events.returned(attempt, { ...outcome, cache: { answer: "hit", key } });
  };
  cache.get(host.cacheScope(kind), key).then(answered, missed);
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
): Promise<void> | undefined {
  if (host.cache === undefined || attempt.artifacts.length > 0) return undefined;
  const kind = attempt.task.node.model.policy.cache === "run" ? "run" : "shared";
  const kept: CachedOutcome = {
    values: outcome.values,
    ...(outcome.goto === undefined ? {} : { goto: outcome.goto }),
  };
  return host.cache.put(host.cacheScope(kind), outcome.key, JSON.stringify(kept));
}

function readOutcome(json: string): Returned | undefined {
  const parsed = JSON.parse(json) as Partial<CachedOutcome> | null;
  if (typeof parsed?.values !== "object") return undefined;
  return { delta: parsed.values, goto: parsed.goto };
}
