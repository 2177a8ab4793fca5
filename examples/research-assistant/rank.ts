import MiniSearch from "minisearch";
import type { Passage } from "./passages.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import { termsOf } from "./terms.ts";
import type { Topic } from "./topics.ts";

/** A topic with the passages that tell most about it, best first. */
export type RankedTopic = {
  readonly topic: Topic;
  readonly passages: readonly (Passage & { readonly score: number })[];
};

/** A sentence worth citing for a topic. */
export type Quote = Sentence & { readonly score: number };

const passagesPerTopic = 8;
const passagesPerFile = 3;
const quotesPerTopic = 8;
const topicBoost = 4;
const headingBoost = 1.5;
const codeWeight = 0.5;

/** True for a passage that shares a term with the question. */
export function mentions(passage: Passage, terms: ReadonlySet<string>): boolean {
  return termsOf(`${passage.heading} ${passage.text}`).some((term) => terms.has(term));
}

type Place = { readonly file: string; readonly line: number; readonly score: number };

// By score, then by place: equal scores must not leave the order to the index.
function byScore(left: Place, right: Place): number {
  if (left.score !== right.score) return right.score - left.score;
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line;
}

// The last digits of a logarithm may differ between machines; an order must not hang on them.
function rounded(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}

function indexOf(texts: readonly { readonly heading?: string; readonly text: string }[]): MiniSearch {
  const index = new MiniSearch({
    fields: ["heading", "text"],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: { tokenize: (query) => query.split(" "), boost: { heading: headingBoost } },
  });
  index.addAll(texts.map(({ heading = "", text }, id) => ({ id, heading, text })));
  return index;
}

function search(index: MiniSearch, topic: Topic, question: readonly string[]) {
  return index.search([...new Set([...topic.terms, ...question])].join(" "), {
    boostTerm: (term) => (topic.terms.includes(term) ? topicBoost : 1),
  });
}

/**
 * Ranks passages for each topic by BM25+ (Lv and Zhai, 2011) over all passages given. A passage counts for a topic if
 * it holds one of its terms; the other terms of the question raise it. Equal scores are ordered by file and line.
 */
export function rankPassages(topics: readonly Topic[], passages: readonly Passage[]): RankedTopic[] {
  const index = indexOf(passages);
  const question = topics.flatMap(({ terms }) => terms);
  return topics.map((topic) => {
    const ranked = search(index, topic, question)
      .filter(({ terms }) => terms.some((term) => topic.terms.includes(term)))
      .flatMap(({ id, score }) => {
        const passage = passages[id];
        if (passage === undefined) return [];
        return [{ ...passage, score: rounded(passage.prose ? score : score * codeWeight) }];
      })
      .sort(byScore);
    const perFile = new Map<string, number>();
    const chosen = ranked.filter(({ file }) => {
      const count = (perFile.get(file) ?? 0) + 1;
      perFile.set(file, count);
      return count <= passagesPerFile;
    });
    return { topic, passages: chosen.slice(0, passagesPerTopic) };
  });
}

/**
 * Picks the sentences of a topic's passages that tell most about it, best first, eight at most. A sentence's own score
 * counts, and that of its passage.
 */
export function pickQuotes({ topic, passages }: RankedTopic, question: readonly string[]): Quote[] {
  const sentences = passages.flatMap((passage) =>
    sentencesOf(passage).map((sentence) => ({ sentence, passageScore: passage.score })),
  );
  const index = indexOf(sentences.map(({ sentence }) => sentence));
  return search(index, topic, question)
    .flatMap(({ id, score }) => {
      const found = sentences[id];
      return found === undefined ? [] : [{ ...found.sentence, score: rounded(score + found.passageScore) }];
    })
    .sort(byScore)
    .filter(({ text }, place, all) => all.findIndex((other) => other.text === text) === place)
    .slice(0, quotesPerTopic);
}
