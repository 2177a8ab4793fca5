import type { Clock, ModelCall, ResolvedRetryPolicy } from "@agentflow/core";
import type { Budgets } from "../cost/budgets.ts";
import type { PriceTable } from "../cost/prices.ts";
import type { Breaker } from "./breaker.ts";

/** How long a provider may take, in milliseconds. */
export interface Timeouts {
  /** For a whole answer that is not streamed. */
  readonly callMs: number;
  /** Until a streamed answer begins, and then from piece to piece. */
  readonly connectMs: number;
  readonly idleMs: number;
}

/** What the calls of one gateway share. */
export interface GatewayParts {
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  readonly retry: ResolvedRetryPolicy;
  readonly budgets: Budgets;
  readonly prices: PriceTable;
  readonly tenant: string;
  /** Share of a delay that is left to chance, from 0 to 1. */
  readonly random: () => number;
  readonly onCall: ((call: ModelCall) => void) | undefined;
  breakerOf(target: string): Breaker;
}
