import type { Json, NodeContext, Workflow } from "@agentflow/core";

/** One outside call as the outside sees it. */
export interface OutsideCall {
  readonly stepId: string;
  readonly attempt: number;
  readonly name: string;
  readonly idempotencyKey: string;
  readonly input: Json;
  /** Its step's attempts inherit nothing from each other (S9). */
  readonly isFresh?: boolean;
}

/**
 * What steps of the corpus do outside the run. It survives the process that calls it, and counts. Answers depend on the
 * call alone, so that a repeated call is answered alike.
 */
export interface Outside {
  /** Sets apart what different runs of one case write to the same place. */
  readonly salt: string;
  /** A step's function begins. */
  entered(stepId: string, attempt: number): void;
  /** An effect; resolves to an answer made of its name and input. */
  act(call: OutsideCall): Promise<Json>;
}

/** A run of the corpus: a workflow, and what people do with its run until it has succeeded. */
export interface CorpusCase {
  readonly name: string;
  readonly workflow: Workflow;
  readonly input: Readonly<Record<string, unknown>>;
  /** Answers by interrupt id, given when the run asks. */
  readonly answers?: Readonly<Record<string, Json>>;
  /** Answers that somebody who does not know better gives before those. */
  readonly wrongAnswers?: Readonly<Record<string, Json>>;
  /** Events sent to the run, one after the other, before it is resumed for the first time. */
  readonly signals?: readonly { readonly key: string; readonly value: Json }[];
  /** The workflow that a failed run is resumed with; without it no run of the case fails. */
  readonly mended?: Workflow;
  /** Its state holds times, which differ from run to run. */
  readonly readsClock?: boolean;
  /** It needs a store with transactions (S26). */
  readonly needsTransactions?: boolean;
}

/** The identity of a step's attempt as seen from outside. */
export function begin(outside: Outside, ctx: NodeContext): void {
  outside.entered(ctx.stepId, ctx.attempt);
}

/** An outside call with an effect, answered by the outside. */
export function act(
  outside: Outside,
  ctx: NodeContext,
  name: string,
  input: Json,
  options: { readonly cache?: "run" | "shared"; readonly isFresh?: boolean } = {},
): Promise<Json> {
  const { isFresh = false, ...ioOptions } = options;
  const call = (given: Json, { idempotencyKey }: { readonly idempotencyKey: string }): Promise<Json> => {
    const { stepId, attempt } = ctx;
    return outside.act({ stepId, attempt, name, idempotencyKey, input: given, isFresh });
  };
  return ctx.io(name, input, call, { effect: true, ...ioOptions });
}
