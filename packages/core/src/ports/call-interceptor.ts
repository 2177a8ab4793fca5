import type { IoCall } from "../context.ts";
import type { Json } from "../encoding/json.ts";

/** A call of a node's function, or of its `recover`: one execution of one attempt of a step. */
export interface NodeCall {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  readonly attempt: number;
}

/** One try of an outside call: `ctx.io` makes another one for each retry of its own (S8). */
export interface OutsideCall extends NodeCall, IoCall {
  readonly name: string;
  readonly input: Json;
  /** Declared as `effect`. */
  readonly effect: boolean;
}

/**
 * Stands between a run and the code that it calls: makes a call with `proceed`, at once or later, or answers in its
 * place. A call that the journal answers does not come here, and neither does a replay.
 */
export interface CallInterceptor {
  node(call: NodeCall, proceed: () => unknown): unknown;
  io(call: OutsideCall, proceed: () => unknown): unknown;
}
