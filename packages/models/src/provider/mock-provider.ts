import { ModelError } from "@agentflow/core";
import type { ModelRequest, TokenUsage, ToolCall } from "../request.ts";
import type { ModelProvider, ProviderReply, ReplyPart } from "./model-provider.ts";

/** What a mock answers with: a text, tool calls, JSON as text, or an error that the call fails with. */
export type MockReply =
  | string
  | Error
  | {
      readonly text?: string;
      readonly toolCalls?: readonly ToolCall[];
      readonly usage?: TokenUsage;
      readonly finish?: ProviderReply["finish"];
    };

/** A provider for tests, and the requests that it was asked. */
export interface MockProvider extends ModelProvider {
  readonly requests: readonly ModelRequest[];
}

/**
 * A provider that answers with these replies in their order, or with what a function makes of the request. Tokens are
 * counted as words unless a reply says them. One call more than there are replies fails with ModelError
 * (AF_MODEL_REQUEST), so that a test sees every call.
 */
export function mockProvider(
  replies: readonly MockReply[] | ((request: ModelRequest, nth: number) => MockReply),
  { name = "mock", isFree = true }: { readonly name?: string; readonly isFree?: boolean } = {},
): MockProvider {
  const requests: ModelRequest[] = [];
  const answer = (request: ModelRequest): ProviderReply => {
    const nth = requests.push(request) - 1;
    const reply = typeof replies === "function" ? replies(request, nth) : replies[nth];
    if (reply === undefined) {
      throw new ModelError("AF_MODEL_REQUEST", `The mock has ${nth} replies and was asked once more.`);
    }
    if (reply instanceof Error) throw reply;
    return wholeReply(request, typeof reply === "string" ? { text: reply } : reply);
  };
  return {
    name,
    baseUrl: "",
    isFree,
    requests,
    generate: async (_model, request) => answer(request),
    async *stream(_model, request): AsyncGenerator<ReplyPart> {
      const reply = answer(request);
      yield { type: "open" };
      for (const text of reply.text.match(/\S+\s*/g) ?? []) yield { type: "text", text };
      for (const call of reply.toolCalls) yield { type: "tool-call", call };
      yield { type: "end", reply };
    },
  };
}

function wholeReply(request: ModelRequest, reply: Exclude<MockReply, string | Error>): ProviderReply {
  const { text = "", toolCalls = [] } = reply;
  const input = request.messages.reduce((sum, message) => sum + wordsIn(JSON.stringify(message)), 0);
  return {
    text,
    toolCalls,
    finish: reply.finish ?? (toolCalls.length > 0 ? "tool-calls" : "stop"),
    usage: reply.usage ?? { input, cached: 0, cacheWrite: 0, output: wordsIn(text) },
  };
}

function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
