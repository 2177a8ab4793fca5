import { isContentWord, termsOf } from "./terms.ts";

/** A part of the question: its words as asked, and the terms they are found by. */
export type Topic = { readonly title: string; readonly terms: readonly string[] };

const topicsMax = 6;
const wordsPerTopicMax = 3;
const wordOrBreak = /[\p{L}\p{N}]+(?:['’_-][\p{L}\p{N}]+)*|[.,;:!?()"“”]/gu;

/** The runs of words between stop words and punctuation (the candidate phrases of RAKE, Rose et al., 2010). */
function phrasesOf(question: string): string[][] {
  const phrases: string[][] = [[]];
  for (const [part] of question.matchAll(wordOrBreak)) {
    const phrase = phrases.at(-1) ?? [];
    if (!isContentWord(part)) phrases.push([]);
    else if (phrase.length < wordsPerTopicMax) phrase.push(part);
    else phrases.push([part]);
  }
  return phrases;
}

/**
 * Plans what to look for: the key phrases of a question in the order they are asked, six at most, none of which only
 * repeats another. Empty if the question holds nothing to look for.
 */
export function planTopics(question: string): Topic[] {
  const candidates = phrasesOf(question)
    .map((phrase) => ({ title: phrase.join(" "), terms: [...new Set(termsOf(phrase.join(" ")))] }))
    .filter(({ terms }) => terms.length > 0);
  const topics: Topic[] = [];
  for (const [index, topic] of candidates.entries()) {
    const repeats = candidates.some((other, place) => {
      const larger = other.terms.length > topic.terms.length;
      const covers = topic.terms.every((term) => other.terms.includes(term));
      return covers && (larger || (place < index && other.terms.length === topic.terms.length));
    });
    if (!repeats) topics.push(topic);
  }
  return topics.slice(0, topicsMax);
}
