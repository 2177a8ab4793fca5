import type { Clock, ModelCall } from "@agentflow/core";
import type { Timeouts } from "./call/gateway-parts.ts";
import type { BudgetLimit } from "./cost/budgets.ts";
import type { PriceOverride, PriceTable } from "./cost/prices.ts";
import type { EndpointOptions, ModelEnvironment } from "./provider/endpoints.ts";
import type { ModelProvider } from "./provider/model-provider.ts";
import type { ResidencyOptions } from "./transport/residency.ts";

/** How a gateway calls models (MDL-1, MDL-2). */
export interface GatewayOptions {
  /** False refuses every call (MDL-10). */
  readonly enabled?: boolean | undefined;
  /** Servers by the name that models are called by, such as `{ vllm: { protocol: "openai-compatible", baseUrl } }`. */
  readonly endpoints?: Readonly<Record<string, EndpointOptions>> | undefined;
  /** Providers beside the built-in ones, such as a mock. */
  readonly providers?: readonly ModelProvider[] | undefined;
  /** In milliseconds; 60,000 each if not given. */
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** How often a model is tried again after a failure that may pass; 2 if not given. */
  readonly retriesMax?: number | undefined;
  /** Delay before the first retry, in milliseconds, doubling from then on; 500 if not given. */
  readonly backoffMs?: number | undefined;
  /** Failures in a row after which a model is left alone, 5 if not given, and for how long, 30,000 ms. */
  readonly breaker?: { readonly threshold?: number; readonly cooldownMs?: number } | undefined;
  /** Asks the rest of a route too where its first model has not answered after so long; streams are never hedged. */
  readonly hedgeAfterMs?: number | undefined;
  /** Only these hosts may be called; a route skips models elsewhere (MDL-5). */
  readonly residency?: ResidencyOptions | undefined;
  readonly budgets?: readonly BudgetLimit[] | undefined;
  /** Prices that replace those of the table. */
  readonly prices?: readonly PriceOverride[] | undefined;
  /** Whose calls they are, where a call does not say; `default` if not given. */
  readonly tenant?: string | undefined;
  /** Is told of every call of a provider. */
  readonly onCall?: ((call: ModelCall) => void) | undefined;
}

/** What a gateway needs from outside. */
export interface GatewayHost {
  readonly clock: Clock;
  /** Holds the keys and base URLs of known servers. */
  readonly environment: ModelEnvironment;
  /** The table of prices; the published one is loaded with the first call if none is given. */
  readonly prices?: PriceTable | undefined;
  /** For jitter; Math.random if not given. */
  readonly random?: (() => number) | undefined;
}
