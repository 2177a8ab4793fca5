import type { Quote } from "./rank.ts";

/** What was found for one topic. */
export type Note = { readonly topic: string; readonly quotes: readonly Quote[] };

/** A document that could not be read, and why. */
export type Unread = { readonly file: string; readonly reason: string };

/** What a report is made of. */
export interface Findings {
  readonly question: string;
  readonly documents: readonly string[];
  readonly notes: readonly Note[];
  readonly unread: readonly Unread[];
  /** What a model made of the quotes; its text is empty if there were none. */
  readonly answer?: { readonly text: string; readonly model: string };
}

const leadingQuotes = 3;
const quotesPerTopic = 3;

/** The place of a quote as `file:line`, or `file:first-last` if it runs over several lines. */
export function citation({ file, line, lastLine }: Quote): string {
  return lastLine === line ? `${file}:${line}` : `${file}:${line}-${lastLine}`;
}

// Code is shown as such: some of it would be read as Markdown.
function shown({ text, prose }: Quote): string {
  if (prose) return text;
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function quoted(quote: Quote): string {
  return `> ${shown(quote)}\n>\n> — \`${citation(quote)}\``;
}

function counted(count: number, singular: string): string {
  return `${count} ${singular}${count === 1 ? "" : "s"}`;
}

/** The first quotes of each topic, each quote only under the first topic that has it. */
function withoutRepeats(notes: readonly Note[]): Note[] {
  const seen = new Set<string>();
  return notes.map(({ topic, quotes }) => {
    const fresh = quotes.filter(({ text }) => !seen.has(text)).slice(0, quotesPerTopic);
    for (const { text } of fresh) seen.add(text);
    return { topic, quotes: fresh };
  });
}

function shortAnswer(notes: readonly Note[]): string[] {
  const best = notes
    .flatMap(({ quotes }) => quotes)
    .toSorted((left, right) => right.score - left.score)
    .slice(0, leadingQuotes);
  if (best.length === 0) return ["No document mentions anything the question asks for."];
  return ["## In short", ...best.map((quote) => `- ${shown(quote)} (\`${citation(quote)}\`)`)];
}

function answerSection({ answer }: Findings): string[] {
  if (answer === undefined || answer.text.trim() === "") return [];
  return ["## Answer", answer.text.trim(), `Written by \`${answer.model}\` from the quotes below.`];
}

function topicSection({ topic, quotes }: Note, found: Note | undefined): string[] {
  const title = `## ${topic.slice(0, 1).toUpperCase()}${topic.slice(1)}`;
  if (quotes.length > 0) return [title, ...quotes.map(quoted)];
  const isMentioned = found !== undefined && found.quotes.length > 0;
  return [title, isMentioned ? "What was found stands under the topics above." : "No document mentions it."];
}

function sources(notes: readonly Note[]): string[] {
  const counts = new Map<string, number>();
  for (const { file } of notes.flatMap(({ quotes }) => quotes)) counts.set(file, (counts.get(file) ?? 0) + 1);
  if (counts.size === 0) return [];
  const files = [...counts.keys()].sort();
  return [
    "## Sources",
    files
      .map((file, place) => `${place + 1}. \`${file}\` (${counted(counts.get(file) ?? 0, "quote")})`)
      .join("\n"),
  ];
}

function unreadSection(unread: readonly Unread[]): string[] {
  if (unread.length === 0) return [];
  return ["## Not read", unread.map(({ file, reason }) => `- \`${file}\`: ${reason}`).join("\n")];
}

/**
 * Writes the report as Markdown: the best quotes, a section per topic, the sources, and what could not be read. A
 * function of its argument alone, so that the same findings give the same bytes.
 */
export function composeReport(findings: Findings): string {
  const { question, documents, notes, unread } = findings;
  const fresh = withoutRepeats(notes);
  const read = documents.length - unread.length;
  const isAnswered = notes.some(({ quotes }) => quotes.length > 0);
  const topics = notes.map(({ topic }) => topic).join(", ");
  const parts = [
    `# ${question.trim().replaceAll(/\s+/g, " ")}`,
    `Looked for ${topics} in ${counted(read, "document")}. Every line below is quoted from the place named after it.`,
    ...answerSection(findings),
    ...shortAnswer(fresh),
    ...(isAnswered ? fresh.flatMap((note, place) => topicSection(note, notes[place])) : []),
    ...sources(fresh),
    ...unreadSection(unread),
  ];
  return `${parts.join("\n\n")}\n`.replaceAll(/^(- .*)\n\n(?=- )/gm, "$1\n");
}
