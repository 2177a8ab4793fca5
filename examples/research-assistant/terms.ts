import { stemmer } from "stemmer";
import { stopWords } from "./stop-words.ts";

const word = /[\p{L}\p{N}]+(?:['’_-][\p{L}\p{N}]+)*/gu;
const camelHump = /(?<=\p{Ll})(?=\p{Lu})/u;

/** The words of a text as they stand, in order: `safe-write` is one word, and so is `don't`. */
export function wordsOf(text: string): string[] {
  return text.match(word) ?? [];
}

/** True for a word that can be searched for: no stop word and no lone letter. */
export function isContentWord(given: string): boolean {
  return given.length > 1 && !stopWords.has(given.toLowerCase().replaceAll("’", "'"));
}

/**
 * The terms a word is found by: its stem (Porter, 1980), and the stems of the parts of a compound like `safeWrite` or
 * `safe-write`.
 */
export function termsOfWord(given: string): string[] {
  const parts = given.split(/[_-]/).flatMap((part) => part.split(camelHump));
  const wanted = parts.length > 1 ? [given, ...parts] : parts;
  const terms = wanted.filter(isContentWord).map((each) => stemmer(each.toLowerCase()));
  return [...new Set(terms)];
}

/** The terms of a text in order, repetitions included: what the passages are indexed and searched by. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap(termsOfWord);
}
