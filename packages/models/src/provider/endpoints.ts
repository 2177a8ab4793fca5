import { ModelError } from "@agentflow/core";
import type { Residency } from "../transport/residency.ts";
import type { ModelProvider } from "./model-provider.ts";

/** What language a provider's server speaks. */
export type Protocol = "openai" | "anthropic" | "openai-compatible";

/** A server of models: vLLM, TGI and others speak `openai-compatible`. */
export interface EndpointOptions {
  readonly protocol: Protocol;
  /** Up to and without the last part, such as `http://127.0.0.1:8000/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** The server takes a JSON Schema for its answer, not only "some JSON". */
  readonly structuredOutput?: boolean;
  /** Its models cost nothing by the token. */
  readonly isFree?: boolean;
}

/** A server under its name, with its key found. */
export interface Endpoint extends EndpointOptions {
  readonly name: string;
  /** The variable that its key is taken from; undefined if it needs none. */
  readonly keyVariable?: string | undefined;
}

/** Names and variables of the environment that hold keys and places of servers. */
export type ModelEnvironment = Readonly<Record<string, string | undefined>>;

const known = {
  openai: {
    protocol: "openai",
    baseUrl: "https://api.openai.com/v1",
    baseUrlVariable: "OPENAI_BASE_URL",
    keyVariable: "OPENAI_API_KEY",
  },
  anthropic: {
    protocol: "anthropic",
    baseUrl: "https://api.anthropic.com/v1",
    baseUrlVariable: "ANTHROPIC_BASE_URL",
    keyVariable: "ANTHROPIC_API_KEY",
  },
  ollama: {
    protocol: "openai-compatible",
    baseUrl: "http://127.0.0.1:11434/v1",
    baseUrlVariable: "OLLAMA_BASE_URL",
    structuredOutput: true,
    isFree: true,
  },
} as const;

/** Servers that are known by name: OpenAI, Anthropic and an Ollama on this machine. */
export const knownEndpoints: readonly string[] = Object.keys(known);

/** The server of this name: one that was declared, or one that is known with its place and key from the environment. */
export function findEndpoint(
  name: string,
  declared: Readonly<Record<string, EndpointOptions>>,
  environment: ModelEnvironment,
): Endpoint | undefined {
  const own = Object.hasOwn(declared, name) ? declared[name] : undefined;
  if (own !== undefined) return { ...own, name };
  if (!Object.hasOwn(known, name)) return undefined;
  const entry: EndpointOptions & { baseUrlVariable: string; keyVariable?: string } =
    known[name as keyof typeof known];
  const { baseUrlVariable, keyVariable, ...endpoint } = entry;
  const apiKey = keyVariable === undefined ? undefined : environment[keyVariable] || undefined;
  return {
    ...endpoint,
    name,
    apiKey,
    keyVariable,
    baseUrl: environment[baseUrlVariable] || endpoint.baseUrl,
  };
}

/** Refuses a server that needs a key and has none. Throws ModelError (AF_MODEL_AUTH) that names the variable. */
export function requireKey({ name, apiKey, keyVariable }: Endpoint): void {
  if (keyVariable === undefined || apiKey !== undefined) return;
  throw new ModelError("AF_MODEL_AUTH", `There is no key for ${name}: ${keyVariable} is not set.`, {
    hint: `Set ${keyVariable} to a key of ${name}, or choose a model that needs none, such as \`local\`.`,
    context: { provider: name, variable: keyVariable },
  });
}

/** Opens a server: loads the AI SDK's package for its protocol, which is installed by whoever uses it. */
export async function openEndpoint(
  endpoint: Endpoint,
  residency: Residency | undefined,
): Promise<ModelProvider> {
  const { openSdk } = await import("./open-sdk.ts");
  return openSdk(endpoint, residency);
}
