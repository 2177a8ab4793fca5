import type { ModelProvider, ProviderReply, ReplyPart } from "../provider/model-provider.ts";
import type { ModelRequest } from "../request.ts";
import { embedText } from "./embed-text.ts";
import { fillSchema } from "./fill-schema.ts";
import { rankSentences } from "./rank-sentences.ts";
import { readRequest } from "./read-request.ts";
import { countWords } from "./terms.ts";

const sentencesMax = 3;
const wordsUnlessSaid = 200;
const nothingFound = "The text says nothing about it.";

/**
 * Answers without a network, a key or weights: it quotes the sentences of the conversation that answer its question best.
 * A function of the request alone. It rephrases nothing, knows nothing, and asks for no tools.
 */
export const localProvider: ModelProvider = {
  name: "local",
  baseUrl: "",
  isFree: true,
  generate: (_model, request) => Promise.resolve(answer(request)),
  async *stream(_model, request): AsyncGenerator<ReplyPart> {
    const reply = answer(request);
    yield { type: "open" };
    for (const text of reply.text.match(/\S+\s*/g) ?? []) yield { type: "text", text };
    yield { type: "end", reply };
  },
  embed: (_model, texts) => {
    const input = texts.reduce((sum, text) => sum + countWords(text), 0);
    const usage = { input, cached: 0, cacheWrite: 0, output: 0 };
    return Promise.resolve({ vectors: texts.map(embedText), usage });
  },
};

function answer(request: ModelRequest): ProviderReply {
  const reading = readRequest(request.messages);
  const text =
    request.output === undefined
      ? quote(reading.sentences, reading.query, request.maxOutputTokens ?? wordsUnlessSaid)
      : JSON.stringify(fillSchema(request.output.schema, reading));
  const input = request.messages.reduce((sum, message) => sum + countWords(JSON.stringify(message)), 0);
  const usage = { input, cached: 0, cacheWrite: 0, output: countWords(text) };
  return { text, toolCalls: [], finish: "stop", usage };
}

/** The best sentences, in the order of the text, up to so many words; the best one in any case. */
function quote(sentences: readonly string[], query: string, wordsMax: number): string {
  const chosen: { text: string; place: number }[] = [];
  let words = 0;
  for (const sentence of rankSentences(sentences, query).slice(0, sentencesMax)) {
    words += countWords(sentence.text);
    if (words > wordsMax && chosen.length > 0) break;
    chosen.push(sentence);
  }
  const inOrder = chosen.sort((a, b) => a.place - b.place).map(({ text }) => text);
  return inOrder.length === 0 ? nothingFound : inOrder.join(" ");
}
