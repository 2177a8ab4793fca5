import type { FinishReason, ModelRequest, TokenUsage, ToolCall } from "../request.ts";

/** What a provider answers. `usage` is absent where it does not tell. */
export interface ProviderReply {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason;
  readonly usage?: TokenUsage | undefined;
}

/**
 * A piece of a streamed reply. `open` says that the provider has begun to answer; `end` is the last one, and its reply
 * repeats the whole text. A stream that is over without `end` has failed.
 */
export type ReplyPart =
  | { readonly type: "open" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool-call"; readonly call: ToolCall }
  | { readonly type: "end"; readonly reply: ProviderReply };

/** Vectors of texts, in their order. */
export interface ProviderVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly usage?: TokenUsage | undefined;
}

/**
 * Where models are. It makes one call when asked and throws what goes wrong; waiting, trying again, counting and
 * paying belong to the gateway.
 */
export interface ModelProvider {
  readonly name: string;
  /** Where its calls go, "" for one that makes none; part of every cache key (RUN-20). */
  readonly baseUrl: string;
  /** Its models cost nothing by the token: own hardware, or no model at all. */
  readonly isFree: boolean;
  generate(model: string, request: ModelRequest, signal: AbortSignal): Promise<ProviderReply>;
  stream(model: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ReplyPart>;
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<ProviderVectors>;
}
