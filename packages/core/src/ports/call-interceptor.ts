import type { IoCall } from "../context.ts";
import type { Json } from "../encoding/json.ts";

/** Where a call comes from: one execution of one attempt of a step. */
export interface CallPlace {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  readonly attempt: number;
}

/** A call of the function of a step. */
export interface NodeCall extends CallPlace {
  /**
   * What the function is: that of a node, of a step that a flow calls, the `recover` of either, or what undoes a completed
   * step (S11).
   */
  readonly role: "node" | "step" | "recover" | "compensate";
  /** What it works on: the state, the item, or what the flow gives. */
  readonly argument: unknown;
}

/** One try of an outside call: `ctx.io` makes another one for each retry of its own (S8). */
export interface OutsideCall extends CallPlace, IoCall {
  readonly name: string;
  readonly input: Json;
  /** Declared as `effect`. */
  readonly effect: boolean;
}

/**
 * Stands between a run and the code that it calls: makes a call with `proceed`, at once or later, or answers in its
 * place, for a step with what its function would return. A call that the journal answers does not come here, and neither
 * does a replay.
 */
export interface CallInterceptor {
  node(call: NodeCall, proceed: () => unknown): unknown;
  io(call: OutsideCall, proceed: () => unknown): unknown;
}
