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

/** The package of the AI SDK for each protocol. */
const packages: Readonly<Record<Protocol, string>> = {
  openai: "@ai-sdk/openai",
  "openai-compatible": "@ai-sdk/openai-compatible",
  anthropic: "@ai-sdk/anthropic",
};

const openers: Readonly<Record<Protocol, (opening: Opening) => Promise<SdkModels>>> = {
  async openai({ endpoint: { baseUrl, apiKey = "none" }, fetch }) {
    const { createOpenAI } = await import("@ai-sdk/openai");
    const sdk = createOpenAI({ baseURL: baseUrl, apiKey, fetch });
    return { language: (model) => sdk.chat(model), embedding: (model) => sdk.embeddingModel(model) };
  },
  async anthropic({ endpoint: { baseUrl, apiKey = "none" }, fetch }) {
    const { createAnthropic } = await import("@ai-sdk/anthropic");
    const sdk = createAnthropic({ baseURL: baseUrl, apiKey, fetch });
    return { language: (model) => sdk.languageModel(model) };
  },
  async "openai-compatible"({ endpoint, fetch }) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
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
  const { name, baseUrl, protocol, isFree = false } = endpoint;
  try {
    const { guardedFetch } = await import("../transport/guarded-fetch.ts");
    const fetch = guardedFetch({ baseUrl, residency, endMark: endMarks[protocol] });
    return sdkProvider({ name, baseUrl, isFree }, await openers[protocol]({ endpoint, fetch }));
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new CapabilityError(`Models of ${name} need the packages ${packages[protocol]} and undici.`, {
      hint: `npm install ${packages[protocol]} undici`,
      cause,
    });
  }
}
