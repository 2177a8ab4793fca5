/** How a call of a model ended (MDL-7). */
export type ModelOutcome =
  | "succeeded"
  | "timeout"
  | "rate_limited"
  | "provider_error"
  | "auth"
  | "validation"
  | "quota"
  | "cancelled";

// A type alias, unlike an interface, can be given where a JsonObject is wanted.
/**
 * One call of a provider as the record keeps it (MDL-3, MDL-4): what it took and what it cost. Costs are whole
 * billionths of a dollar, so that totals are exact.
 */
export type ModelCall = {
  readonly provider: string;
  readonly model: string;
  readonly outcome: ModelOutcome;
  readonly inputTokens: number;
  /** Those of the input that the provider read from its prompt cache. */
  readonly cachedTokens: number;
  /** Those of the input that the provider wrote into its prompt cache. */
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  /** True where the provider did not tell the tokens, so that they are estimated from the texts. */
  readonly estimated: boolean;
  /** Null if the price of the model is not known: such a call is never counted as free. */
  readonly costNanos: number | null;
  /** What the call was expected to cost before it was made; null without a price. */
  readonly expectedNanos: number | null;
  readonly latencyMs: number;
  /** Until the first piece of a streamed answer; absent if there was none. */
  readonly firstTokenMs?: number;
};
