import { termsOf } from "./terms.ts";

/** A sentence with its place in the text and what it is worth. */
export interface RankedSentence {
  readonly text: string;
  readonly place: number;
  readonly score: number;
}

// The usual constants of BM25 (Robertson and Zaragoza, 2009).
const saturation = 1.2;
const lengthShare = 0.75;

/**
 * Sentences by how well they answer a query, the best first: BM25 with each sentence as a document. Without a query, by
 * how much each tells of what the whole text is about (the mean frequency of its terms, as in SumBasic, Nenkova and
 * Vanderwende, 2005). Equal ones keep their order; those that tell nothing are left out.
 */
export function rankSentences(sentences: readonly string[], query: string): RankedSentence[] {
  const texts = sentences.map((text, place) => ({ text, place, terms: termsOf(text) }));
  const wanted = new Set(termsOf(query));
  const score = wanted.size === 0 ? centrality(texts) : relevance(texts, wanted);
  return texts
    .map(({ text, place, terms }) => ({ text, place, score: score(terms) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || a.place - b.place);
}

type Texts = readonly { readonly terms: readonly string[] }[];
type Score = (terms: readonly string[]) => number;

function relevance(texts: Texts, wanted: ReadonlySet<string>): Score {
  const lengthMean = texts.reduce((sum, { terms }) => sum + terms.length, 0) / Math.max(1, texts.length);
  const having = new Map<string, number>();
  for (const term of wanted) having.set(term, texts.filter(({ terms }) => terms.includes(term)).length);
  return (terms) => {
    let score = 0;
    for (const [term, count] of having) {
      const frequency = terms.filter((each) => each === term).length;
      if (frequency === 0) continue;
      const rarity = Math.log(1 + (texts.length - count + 0.5) / (count + 0.5));
      const length = 1 - lengthShare + (lengthShare * terms.length) / lengthMean;
      score += (rarity * frequency * (saturation + 1)) / (frequency + saturation * length);
    }
    return score;
  };
}

function centrality(texts: Texts): Score {
  const counts = new Map<string, number>();
  for (const { terms } of texts) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (terms) => {
    const sum = terms.reduce((all, term) => all + (counts.get(term) ?? 0) / total, 0);
    return terms.length === 0 ? 0 : sum / terms.length;
  };
}
