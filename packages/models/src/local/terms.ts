// The words that tell nothing about what a text is about.
const stopWords: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can
  could did do does doing down during each every few for from further had has have having he her here him his how i if in
  into is it its itself just me more most my no nor not now of off on once one only or other our out over own same she
  should so some such than that the their them then there these they this those through to too under until up upon us very
  was we were what when where which while who whom why will with would you your`.split(/\s+/),
);

const word = /[\p{L}\p{N}]+(?:['’_-][\p{L}\p{N}]+)*/gu;
const suffix = /(?:['’]s|ings?|edly|ed|ies|es|s|ly)$/u;
const stemMin = 3;

/** The words of a text that carry meaning, in small letters and without their endings, in their order. */
export function termsOf(text: string): string[] {
  const words = text.toLowerCase().match(word) ?? [];
  return words.filter((each) => !stopWords.has(each)).map(stem);
}

function stem(each: string): string {
  const cut = each.replace(suffix, "");
  return cut.length >= stemMin ? cut.replace(/(?:e|y|i)$/u, "") : each;
}

const sentenceEnd = /(?<=[.!?…]["'”’)]?)\s+(?=["'“‘(]?[\p{Lu}\p{N}])|\s*\n+\s*/u;

/** The sentences of a text, and its lines where they end without a full stop. */
export function sentencesOf(text: string): string[] {
  return text
    .split(sentenceEnd)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** How many words a text has: what the offline models count as tokens. */
export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
