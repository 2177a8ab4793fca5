import assert from "node:assert/strict";
import { test } from "node:test";
import type { TracedSpan } from "../ports/tracing.ts";
import type { ModelCall } from "../record/model-call.ts";
import { callSpan, modelAttributes, noSpan } from "./call-span.ts";

function recording(): { readonly span: TracedSpan; readonly told: unknown[] } {
  const told: unknown[] = [];
  const span: TracedSpan = {
    carrier: undefined,
    set: (attributes, name) => told.push([name, attributes]),
    fail: assert.fail,
    within: (work) => work(),
    end: assert.fail,
  };
  return { span, told };
}

test("a model call has the names of the GenAI conventions, and ours for tokens and cost", () => {
  const call: ModelCall = {
    provider: "openai",
    model: "gpt-x",
    outcome: "succeeded",
    inputTokens: 12,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 3,
    estimated: false,
    costNanos: 500_000_000,
    expectedNanos: null,
    latencyMs: 5,
  };
  const told = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-x",
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 3,
    tokens_in: 12,
    tokens_out: 3,
  };
  assert.deepEqual(modelAttributes(call), { ...told, cost_usd: 0.5 });
  assert.deepEqual(modelAttributes({ ...call, costNanos: null }), { ...told, cost_usd: undefined });
});

test("a tool call and attributes of one's own go to the span", () => {
  const { span, told } = recording();
  callSpan(span).toolCall({ tool: "search" });
  callSpan(span).set({ pages: 3 });
  assert.deepEqual(told, [
    [
      "execute_tool search",
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search", tool_id: "search" },
    ],
    [undefined, { pages: 3 }],
  ]);
});

test("without traces everything may be told, and nothing happens", () => {
  noSpan.toolCall({ tool: "search" });
  noSpan.set({ pages: 3 });
  assert.ok(Object.isFrozen(noSpan));
});
