import { CapabilityError } from "@agentflow/core";
import type { Residency } from "../transport/residency.ts";
import type { Endpoint, Protocol } from "./endpoints.ts";
import type { ModelProvider } from "./model-provider.ts";
import { type SdkModels, sdkProvider } from "./sdk-provider.ts";

/** What ends a complete stream of each protocol. */
const endMarks: Readonly<Record<Protocol, string>> = {
  openai: "data: [DONE]",
  "openai-compatible": "data: [DONE]",
  anthropic: "message_stop",
};

interface Opening {
  readonly endpoint: Endpoint;
  readonly fetch: typeof globalThis.fetch;
}

const openers: Readonly<Record<Protocol, (opening: Opening) => Promise<SdkModels>>> = {
  async openai({ endpoint: { baseUrl, apiKey = "none" }, fetch }) {
    const { createOpenAI } = await peer("@ai-sdk/openai", () => import("@ai-sdk/openai"));
    const sdk = createOpenAI({ baseURL: baseUrl, apiKey, fetch });
    return { language: (model) => sdk.chat(model), embedding: (model) => sdk.embeddingModel(model) };
  },
  async anthropic({ endpoint: { baseUrl, apiKey = "none" }, fetch }) {
    const { createAnthropic } = await peer("@ai-sdk/anthropic", () => import("@ai-sdk/anthropic"));
    const sdk = createAnthropic({ baseURL: baseUrl, apiKey, fetch });
    return { language: (model) => sdk.languageModel(model) };
  },
  async "openai-compatible"({ endpoint, fetch }) {
    const { createOpenAICompatible } = await peer(
      "@ai-sdk/openai-compatible",
      () => import("@ai-sdk/openai-compatible"),
    );
    const { name, baseUrl, apiKey, structuredOutput = false } = endpoint;
    const sdk = createOpenAICompatible({
      name,
      baseURL: baseUrl,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: structuredOutput,
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    return { language: (model) => sdk.chatModel(model), embedding: (model) => sdk.embeddingModel(model) };
  },
};

/** The models of a server through the AI SDK's package for its protocol. Rejects with CapabilityError without it. */
export async function openSdk(endpoint: Endpoint, residency: Residency | undefined): Promise<ModelProvider> {
  const { guardedFetch } = await peer("undici", () => import("../transport/guarded-fetch.ts"));
  const { name, baseUrl, protocol, isFree = false } = endpoint;
  const fetch = guardedFetch({ baseUrl, residency, endMark: endMarks[protocol] });
  return sdkProvider({ name, baseUrl, isFree }, await openers[protocol]({ endpoint, fetch }));
}

async function peer<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new CapabilityError(`This provider of models needs the package ${name}.`, {
      hint: `npm install ${name}`,
      cause,
    });
  }
}
