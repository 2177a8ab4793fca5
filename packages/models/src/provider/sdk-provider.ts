import { type Json, ModelError } from "@agentflow/core";
import type {
  EmbeddingModelV4,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Message,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { FinishReason, Message, ModelRequest, TokenUsage, ToolCall } from "../request.ts";
import type { ModelProvider, ProviderReply, ReplyPart } from "./model-provider.ts";

/** The models of a provider of the AI SDK. */
export interface SdkModels {
  readonly language: (model: string) => LanguageModelV4;
  readonly embedding?: (model: string) => EmbeddingModelV4;
}

/**
 * A provider whose models are the AI SDK's (ADR 26). They are called at `doGenerate` and `doStream`, below the SDK's own
 * retries, defaults and telemetry, which the gateway has its own of.
 */
export function sdkProvider(
  place: Pick<ModelProvider, "name" | "baseUrl" | "isFree">,
  models: SdkModels,
): ModelProvider {
  const { embedding } = models;
  return {
    ...place,
    async generate(model, request, signal) {
      const result = await models.language(model).doGenerate(callOptions(request, signal));
      const texts = result.content.filter((part) => part.type === "text");
      requireEnd(result.finishReason, "The provider ended its answer with an error.");
      return {
        text: texts.map(({ text }) => text).join(""),
        toolCalls: result.content.filter(isToolCall).map(toolCallOf),
        finish: finishOf(result.finishReason),
        usage: usageOf(result.usage),
      };
    },
    stream: (model, request, signal) => streamReply(models.language(model), request, signal),
    ...(embedding === undefined
      ? {}
      : {
          async embed(model: string, texts: readonly string[], signal: AbortSignal) {
            const result = await embedding(model).doEmbed({ values: [...texts], abortSignal: signal });
            const tokens = result.usage?.tokens;
            const usage =
              tokens === undefined ? undefined : { input: tokens, cached: 0, cacheWrite: 0, output: 0 };
            return { vectors: result.embeddings, usage };
          },
        }),
  };
}

async function* streamReply(
  model: LanguageModelV4,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ReplyPart> {
  const { stream } = await model.doStream(callOptions(request, signal));
  yield { type: "open" };
  let text = "";
  const toolCalls: ToolCall[] = [];
  let end: ProviderReply | undefined;
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta" && part.delta !== "") {
      text += part.delta;
      yield { type: "text", text: part.delta };
    } else if (part.type === "tool-call") {
      const call = toolCallOf(part);
      toolCalls.push(call);
      yield { type: "tool-call", call };
    } else if (part.type === "finish") {
      requireEnd(part.finishReason, "The stream ended in the middle of the answer.");
      end = { text, toolCalls, finish: finishOf(part.finishReason), usage: usageOf(part.usage) };
    }
  }
  if (end !== undefined) yield { type: "end", reply: end };
}

// Without a reason of the provider's own, the library has made one up: the answer did not come to its end.
function requireEnd({ unified, raw }: LanguageModelV4FinishReason, message: string): void {
  if (unified === "error" || raw === undefined) throw new ModelError("AF_MODEL_PROVIDER", message);
}

function isToolCall(
  part: LanguageModelV4Content,
): part is Extract<LanguageModelV4Content, { type: "tool-call" }> {
  return part.type === "tool-call";
}

function toolCallOf(part: { toolCallId: string; toolName: string; input: string }): ToolCall {
  try {
    return { id: part.toolCallId, name: part.toolName, input: JSON.parse(part.input || "{}") as Json };
  } catch (cause) {
    throw new ModelError("AF_MODEL_OUTPUT", `The model asks for ${part.toolName} with what is no JSON.`, {
      cause,
      context: { tool: part.toolName, input: part.input.slice(0, 500) },
    });
  }
}

const finishes: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  "content-filter": "content-filter",
  "tool-calls": "tool-calls",
};

function finishOf({ unified }: LanguageModelV4FinishReason): FinishReason {
  return finishes[unified] ?? "other";
}

function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): TokenUsage | undefined {
  if (inputTokens.total === undefined || outputTokens.total === undefined) return undefined;
  return {
    input: inputTokens.total,
    cached: inputTokens.cacheRead ?? 0,
    cacheWrite: inputTokens.cacheWrite ?? 0,
    output: outputTokens.total,
  };
}

function callOptions(request: ModelRequest, signal: AbortSignal): LanguageModelV4CallOptions {
  const { maxOutputTokens, temperature, topP, stop, seed, reasoning, output, tools, toolChoice } = request;
  return {
    prompt: request.messages.map(promptMessage),
    abortSignal: signal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stop === undefined ? {} : { stopSequences: [...stop] }),
    ...(seed === undefined ? {} : { seed }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(output === undefined ? {} : { responseFormat: { type: "json", name: "answer", ...output } }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, input }) => ({
            type: "function",
            name,
            inputSchema: input,
            ...(description === undefined ? {} : { description }),
          })),
          toolChoice: { type: toolChoice ?? "auto" },
        }),
  };
}

function promptMessage(message: Message): LanguageModelV4Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: [{ type: "text", text: message.text }] };
    case "assistant":
      return {
        role: "assistant",
        content: [
          ...(message.text === undefined || message.text === ""
            ? []
            : [{ type: "text" as const, text: message.text }]),
          ...(message.toolCalls ?? []).map(({ id, name, input }) => ({
            type: "tool-call" as const,
            toolCallId: id,
            toolName: name,
            input,
          })),
        ],
      };
    case "tool":
      return {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: message.id,
            toolName: message.name,
            output: { type: "json", value: message.result as never },
          },
        ],
      };
  }
}
