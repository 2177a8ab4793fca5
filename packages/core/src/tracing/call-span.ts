import type { SpanAttributes, TracedSpan } from "../ports/tracing.ts";
import type { ModelCall } from "../record/model-call.ts";

/** What a call of a tool tells of itself. */
export interface ToolCall {
  readonly tool: string;
}

/**
 * The span of an outside call. What is told to it goes to traces alone: nothing of it is recorded, and without traces it
 * does nothing. Calls of models are told to `account`, which records them, and have spans of their own.
 */
export interface CallSpan {
  /** The call uses a tool. */
  toolCall(call: ToolCall): void;
  set(attributes: SpanAttributes): void;
}

/** What stands for the span of a call where there are no traces. */
export const noSpan: CallSpan = Object.freeze({
  toolCall: () => undefined,
  set: () => undefined,
});

/**
 * A call's span, by the names of OpenTelemetry's semantic conventions for generative AI (`gen_ai.*`, in development) and
 * our own.
 */
export function callSpan(span: TracedSpan): CallSpan {
  return {
    toolCall: ({ tool }) =>
      span.set(
        { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool, tool_id: tool },
        `execute_tool ${tool}`,
      ),
    set: (attributes) => span.set(attributes),
  };
}

const nanosPerUsd = 1_000_000_000;

/** What the span of a model's call carries, by the same names. A cost that is not known is left out, not 0. */
export function modelAttributes(call: ModelCall): SpanAttributes {
  const { provider, model, inputTokens, outputTokens, costNanos } = call;
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    "gen_ai.usage.input_tokens": inputTokens,
    "gen_ai.usage.output_tokens": outputTokens,
    tokens_in: inputTokens,
    tokens_out: outputTokens,
    cost_usd: costNanos === null ? undefined : costNanos / nanosPerUsd,
  };
}
