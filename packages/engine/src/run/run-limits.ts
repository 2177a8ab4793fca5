import { ValidationError, type WorkflowLimits, type WorkflowModel } from "@agentflow/core";

/** Limits of a run (ENG-14). Times in milliseconds; an absent time is no limit. */
export interface RunLimits {
  /** Attempts that run at a time. */
  readonly maxConcurrent: number;
  /** Steps that wait to be started. */
  readonly queueDepth: number;
  readonly backpressureTimeoutMs?: number;
  /** Timeout of nodes that declare none. */
  readonly nodeTimeoutMs?: number;
  /** Time with an attempt running, in total (S22). */
  readonly runBudgetMs?: number;
  readonly maxSteps: number;
}

/** What holds where neither engine, workflow nor run says otherwise. */
export const defaultLimits: RunLimits = Object.freeze({
  maxConcurrent: 16,
  queueDepth: 1024,
  maxSteps: 1_000_000,
});

/**
 * Resolves the limits of runs under an engine's own: a run's win over the engine's, those over the workflow's, those over
 * the defaults. Kept per workflow, because most runs bring none. Throws ValidationError for an engine limit out of range.
 */
export function limitsBy(
  engine: WorkflowLimits | undefined,
): (workflow: WorkflowModel, own: WorkflowLimits | undefined) => RunLimits {
  resolveLimits(engine);
  const usual = new WeakMap<WorkflowModel, RunLimits>();
  return (workflow, own) => {
    if (own !== undefined) return resolveLimits(workflow.limits, engine, own);
    const known = usual.get(workflow) ?? resolveLimits(workflow.limits, engine);
    usual.set(workflow, known);
    return known;
  };
}

/** Later sources win. Throws ValidationError (AF_ARGUMENT_INVALID) that names the first limit out of range. */
function resolveLimits(...sources: readonly (WorkflowLimits | undefined)[]): RunLimits {
  const resolved: Record<string, number> = { ...defaultLimits } as unknown as Record<string, number>;
  for (const source of sources) {
    for (const [name, value] of Object.entries(source ?? {})) if (value !== undefined) resolved[name] = value;
  }
  for (const [name, value] of Object.entries(resolved)) {
    const isTime = name.endsWith("Ms");
    if (isTime ? Number.isFinite(value) && value > 0 : Number.isSafeInteger(value) && value >= 1) continue;
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `${name} must be ${isTime ? "milliseconds above 0" : "a whole number from 1"}, not ${String(value)}.`,
      { context: { name, found: String(value) } },
    );
  }
  return resolved as unknown as RunLimits;
}
