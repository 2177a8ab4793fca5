import type { ModelProvider, ReplyPart } from "./model-provider.ts";

const nothing = {
  text: "",
  toolCalls: [],
  finish: "stop",
  usage: { input: 0, cached: 0, cacheWrite: 0, output: 0 },
} as const;

/** Answers every request with an empty text: for what has to run without asking anybody. */
export const noopProvider: ModelProvider = {
  name: "noop",
  baseUrl: "",
  isFree: true,
  generate: () => Promise.resolve(nothing),
  async *stream(): AsyncGenerator<ReplyPart> {
    yield { type: "end", reply: nothing };
  },
  embed: (_model, texts) => Promise.resolve({ vectors: texts.map(() => [0]), usage: nothing.usage }),
};
