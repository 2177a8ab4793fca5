import type { Json, JsonObject } from "@agentflow/core";

// Type aliases, unlike interfaces, can be given where JSON is wanted: a request is the input of `ctx.io`.

/** A call of a tool that a model asks for. */
export type ToolCall = { readonly id: string; readonly name: string; readonly input: Json };

/** A part of a conversation. */
export type Message =
  | { readonly role: "system" | "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text?: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly id: string; readonly name: string; readonly result: Json };

/** A tool that a model may ask for, with the JSON Schema of its input. */
export type ToolDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly input: JsonObject;
};

/** What a model is to answer as JSON: a JSON Schema with an object at its top. */
export type OutputDeclaration = {
  readonly schema: JsonObject;
  readonly name?: string;
};

/** What is asked of a model, whichever provider it is at (MDL-1). */
export type ModelRequest = {
  /** `provider:model`, such as `openai:gpt-5-mini`, or several: a route, tried in this order (MDL-2). */
  readonly model: string | readonly string[];
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDeclaration[];
  /** Whether a tool has to be asked for; `auto` if not given. */
  readonly toolChoice?: "auto" | "none" | "required";
  readonly output?: OutputDeclaration;
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoning?: "none" | "minimal" | "low" | "medium" | "high";
};

/** Why a model ended its answer. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/** Tokens of one call; those read from and written into a prompt cache are part of `input`. */
export type TokenUsage = {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly output: number;
};

/** The answer of a model. */
export type ModelAnswer = {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: FinishReason;
  /** The target of the route that answered. */
  readonly provider: string;
  readonly model: string;
  readonly usage: TokenUsage;
  /** In billionths of a dollar; null if the price of the model is not known. */
  readonly costNanos: number | null;
};

/** A piece of an answer while it is made; `end` is the last one. */
export type AnswerPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool-call"; readonly call: ToolCall }
  | { readonly type: "end"; readonly answer: ModelAnswer };

/** Texts whose meaning is asked for as vectors. */
export type EmbeddingRequest = {
  readonly model: string | readonly string[];
  readonly texts: readonly string[];
};

/** A vector per text, in their order. */
export type EmbeddingAnswer = {
  readonly vectors: readonly (readonly number[])[];
  readonly provider: string;
  readonly model: string;
  readonly usage: TokenUsage;
  readonly costNanos: number | null;
};
