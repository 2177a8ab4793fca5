import type { NodeContext } from "../context.ts";
import type { Failure } from "../errors/failure.ts";
import type { RetryPolicy } from "../policy/retry-policy.ts";
import type { NestedResult } from "./node-result.ts";

/**
 * What happens to the steps that run beside one that fails for good (S11): they finish and stay staged, or they are told
 * to stop and end as cancelled.
 */
export type Siblings = "finish" | "abort";

/** When completed steps are compensated, and what follows from a compensation that fails. */
export interface CompensationOptions {
  /** Also when the run is cancelled; unless given, only when it fails. */
  readonly onCancel?: boolean;
  /** What becomes of the compensations that are left when one has failed for good; they go on unless given. */
  readonly onFailure?: "continue" | "stop";
}

/** What a node does about time, failure and repetition (ENG-15). `Argument` is the item, or the state. */
export interface NodePolicy<Argument = unknown, Recovered = unknown, Delta = unknown> {
  /** Attempts and the delays between them; not on a nested workflow, whose inner steps have their own (S1). */
  readonly retry?: RetryPolicy;
  /**
   * An attempt that takes longer fails with NodeTimeoutError; in milliseconds (S12). A nested workflow is measured from
   * when this process opened it, waiting included.
   */
  readonly timeoutMs?: number;
  /** Gives the delta when all attempts have failed (S11). */
  recover?(failure: Failure, argument: Argument, ctx: NodeContext): Recovered;
  /**
   * Undoes a completed step of the node when the run fails later: gets its delta, a `ctx` of its own, and what it worked
   * on. It is a step itself, committed once, with the node's retry policy and timeout.
   */
  compensate?(delta: Delta, ctx: NodeContext, argument: Argument): unknown;
  /** What becomes of the steps beside one of this node that fails; the workflow's own if absent. */
  readonly siblings?: Siblings;
  /** Ask the response cache first: within this run, shared by the tenant, or not at all (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
}

/** What a body's result says about `retry`: a nested workflow takes none (S1). */
export type RetryFor<Result> = [Result] extends [never]
  ? unknown
  : Result extends NestedResult
    ? { readonly retry?: never }
    : unknown;
