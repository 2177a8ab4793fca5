import type { Message } from "../request.ts";
import { sentencesOf } from "./terms.ts";

/** What a conversation asks, and the sentences that may answer it. */
export interface Reading {
  readonly query: string;
  readonly sentences: readonly string[];
}

function isQuestion(sentence: string): boolean {
  return /\?["'”’)]?$/u.test(sentence);
}

/**
 * Takes the questions of the last message of the user as the query, or its first sentence where it asks nothing, and all
 * other sentences of user and tools as the text. Where that leaves no text, the system's message is the text; and one
 * sentence alone is text without a query.
 */
export function readRequest(messages: readonly Message[]): Reading {
  const asked = sentencesOf(textOf(messages.findLast(({ role }) => role === "user")));
  const questions = asked.filter(isQuestion);
  const query = questions.length > 0 ? questions : asked.slice(0, 1);
  const rest = messages
    .filter(({ role }) => role === "user" || role === "tool")
    .flatMap((each) => sentencesOf(textOf(each)));
  const sentences = rest.filter((sentence) => !query.includes(sentence));
  if (sentences.length > 0) return { query: query.join(" "), sentences };
  const system = messages
    .filter(({ role }) => role === "system")
    .flatMap((each) => sentencesOf(textOf(each)));
  return system.length > 0 ? { query: query.join(" "), sentences: system } : { query: "", sentences: query };
}

function textOf(message: Message | undefined): string {
  if (message === undefined) return "";
  if (message.role !== "tool") return message.text ?? "";
  return typeof message.result === "string" ? message.result : JSON.stringify(message.result);
}
