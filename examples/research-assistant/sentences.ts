import type { Passage } from "./passages.ts";
import { wordsOf } from "./terms.ts";

/** Words of a document that can be cited: they stand in its lines `line` to `lastLine`. */
export type Sentence = {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  readonly text: string;
  /** False for a line of code or data. */
  readonly prose: boolean;
};

const lettersMin = 12;
const wordsMin = 4;
const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
const listMark = /^\s*(?:[-*+]|\d+[.)]|>|\|)\s+/;
// What is left of emphasis or of a table where a sentence was cut out of it.
const leadingMark = /^(?:\s|[*_|]+\s)+/;
const trailingMark = /(?:\s|\s[|])+$/;
// A break after these is none: the segmenter knows no abbreviations.
const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|cf|vs|approx|no|fig|St|Mr|Mrs|Dr)\.\s*$/;

/** The lines that a range of characters in a text covers. */
function linesOf(text: string, from: number, to: number): { first: number; last: number } {
  const first = text.slice(0, from).split("\n").length - 1;
  return { first, last: first + text.slice(from, to).split("\n").length - 1 };
}

function proseRanges(text: string): { from: number; to: number }[] {
  // A line end inside a paragraph is a space to the reader, and a sentence end to the segmenter.
  const flowing = text.replaceAll("\n", " ");
  const ranges: { from: number; to: number }[] = [];
  let from = listMark.exec(text)?.[0].length ?? 0;
  for (const { segment, index } of segmenter.segment(flowing)) {
    const to = index + segment.length;
    if (to <= from || abbreviation.test(segment)) continue;
    ranges.push({ from, to });
    from = to;
  }
  if (from < text.length) ranges.push({ from, to: text.length });
  return ranges;
}

function lineRanges(text: string): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  let from = 0;
  for (const line of text.split("\n")) {
    ranges.push({ from, to: from + line.length });
    from += line.length + 1;
  }
  return ranges;
}

function isWorthQuoting(text: string, prose: boolean): boolean {
  const words = wordsOf(text).filter((word) => /\p{L}/u.test(word));
  return text.length >= lettersMin && (!prose || words.length >= wordsMin);
}

/**
 * The sentences of a passage of prose, or the lines of any other, with the lines of the document they stand in; what is
 * too short to say anything is left out.
 */
export function sentencesOf({ file, line, text, prose }: Passage): Sentence[] {
  return (prose ? proseRanges(text) : lineRanges(text)).flatMap(({ from, to }) => {
    const raw = text.slice(from, to);
    const start = from + (leadingMark.exec(raw)?.[0].length ?? 0);
    const end = to - (trailingMark.exec(raw)?.[0].length ?? 0);
    const own = text.slice(start, end);
    if (!isWorthQuoting(own, prose)) return [];
    const { first, last } = linesOf(text, start, end);
    return [{ file, line: line + first, lastLine: line + last, text: own.replaceAll(/\s+/g, " "), prose }];
  });
}
