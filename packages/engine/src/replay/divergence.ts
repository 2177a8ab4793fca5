import { encodeJson, type Json, ReplayMismatchError } from "@agentflow/core";

/** Where a replay went another way than the record: the first such place in order-key order (S25). */
export interface Divergence {
  readonly stepId: string;
  /** What differs: `delta.count`, `goto`, `seal`, `io "fetch"`, `Date.now`, ... */
  readonly field: string;
  readonly expected: Json;
  readonly actual: Json;
}

/** The error that strict replay stops with. */
export function mismatch(runId: string, divergence: Divergence): ReplayMismatchError {
  const { stepId, field } = divergence;
  return new ReplayMismatchError(`Replay of run ${runId} diverges at ${stepId}, in ${field}.`, {
    context: { runId, ...divergence },
  });
}

/** Carries a divergence out of the step that met it; the first one met is the one reported. */
export class DivergenceFound extends Error {
  readonly divergence: Divergence;

  constructor(divergence: Divergence) {
    super(`replay diverges at ${divergence.stepId}, in ${divergence.field}`);
    this.divergence = divergence;
  }
}

/** Throws DivergenceFound unless both have the same canonical JSON; `undefined` stands for "nothing". */
export function expectSame(stepId: string, field: string, expected: unknown, actual: unknown): void {
  const wanted = encodeJson(expected ?? null, field);
  const given = encodeJson(actual ?? null, field);
  if (wanted.json !== given.json) {
    throw new DivergenceFound({ stepId, field, expected: wanted.value, actual: given.value });
  }
}

/** Compares objects member by member, so that the divergence names the first member that differs. */
export function expectSameMembers(
  stepId: string,
  field: string,
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
): void {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  for (const name of names) expectSame(stepId, `${field}.${name}`, expected[name], actual[name]);
}

/** What throws where the record went on is a divergence of that step. */
export function guarded<T>(stepId: string, field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DivergenceFound) throw error;
    const actual = error instanceof Error ? error.message : String(error);
    throw new DivergenceFound({ stepId, field, expected: "no error", actual });
  }
}
