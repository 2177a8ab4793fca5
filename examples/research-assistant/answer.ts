import { createModelGateway, type ModelRequest } from "agentflow/models";
import type { Quote } from "./rank.ts";
import { citation, type Note } from "./report.ts";

/** Every model is called through this: limits, retries, budgets and the account of what it cost. */
export const models = await createModelGateway();

const quotesMax = 12;
const outputTokensMax = 400;

function line(quote: Quote): string {
  return `${quote.text} (${citation(quote)})`;
}

/** The best quotes of all topics, each once. */
function bestQuotes(notes: readonly Note[]): Quote[] {
  const seen = new Set<string>();
  return notes
    .flatMap(({ quotes }) => quotes)
    .toSorted((left, right) => right.score - left.score)
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, quotesMax);
}

/** What a model is asked: the question and the quotes, with their places. Undefined if nothing was found. */
export function answerRequest(
  model: string,
  question: string,
  notes: readonly Note[],
): ModelRequest | undefined {
  const quotes = bestQuotes(notes);
  if (quotes.length === 0) return undefined;
  return {
    model,
    messages: [
      {
        role: "system",
        text: "Answer from the quotes alone, in a few sentences, and keep the place in brackets with what you take from it.",
      },
      { role: "user", text: [question, ...quotes.map(line)].join("\n") },
    ],
    maxOutputTokens: outputTokensMax,
    temperature: 0,
  };
}
