import type { ModelCall } from "@agentflow/core";

/** Who calls, and what may end the call early. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long this caller waits, in milliseconds; only a wait as long as the gateway's own tells against the model. */
  readonly timeoutMs?: number | undefined;
  readonly tenant?: string | undefined;
  readonly runId?: string | undefined;
  /** Is told of every call of a provider, also those that failed or were cut short. */
  readonly account?: ((call: ModelCall) => void) | undefined;
}
