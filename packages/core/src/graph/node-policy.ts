import type { NodeContext } from "../context.ts";
import type { Failure } from "../errors/failure.ts";
import type { RetryPolicy } from "../policy/retry-policy.ts";
import type { NestedResult } from "./node-result.ts";

/** What a node does about time, failure and repetition (ENG-15). `Argument` is the item, or the state. */
export interface NodePolicy<Argument = unknown, Recovered = unknown> {
  /** Attempts and the delays between them; not on a nested workflow, whose inner steps have their own (S1). */
  readonly retry?: RetryPolicy;
  /**
   * An attempt that takes longer fails with NodeTimeoutError; in milliseconds (S12). A nested workflow is measured from
   * when this process opened it, waiting included.
   */
  readonly timeoutMs?: number;
  /** Gives the delta when all attempts have failed (S11). */
  recover?(failure: Failure, argument: Argument, ctx: NodeContext): Recovered;
  /** Ask the response cache first: within this run, shared by the tenant, or not at all (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
}

/** What a body's result says about `retry`: a nested workflow takes none (S1). */
export type RetryFor<Result> = [Result] extends [never]
  ? unknown
  : Result extends NestedResult
    ? { readonly retry?: never }
    : unknown;
