/** A stretch of a document that is ranked as a whole: a paragraph, a list item, a block of code. */
export type Passage = {
  readonly file: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  /** The heading it stands under; "" if there is none. */
  readonly heading: string;
  /** Its lines as they stand in the document. */
  readonly text: string;
  /** Prose is quoted by the sentence, anything else by the line. */
  readonly prose: boolean;
};

const proseFile = /\.(md|mdx|markdown|txt|rst|adoc|org|html|tex)$/i;
const markdownFile = /\.(md|mdx|markdown)$/i;
const heading = /^#{1,6}\s+(.+?)\s*#*$/;
const fence = /^\s*(`{3,}|~{3,})/;
const startsAnew = /^\s*([-*+]|\d+[.)])\s|^\s*\|/;
const rule = /^\s*([-*_=|:]\s*){3,}$/;
const linesMax = 24;

/** Gathers lines to passages; `flush` ends the passage that is open. */
class PassageList {
  readonly passages: Passage[] = [];
  readonly #file: string;
  #heading = "";
  #start = 0;
  #prose = true;
  #lines: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  head(text: string): void {
    this.flush();
    this.#heading = text;
  }

  add(line: string, number: number, prose: boolean): void {
    if (this.#lines.length === 0) this.#start = number;
    this.#prose = prose;
    this.#lines.push(line);
    if (this.#lines.length === linesMax) this.flush();
  }

  flush(): void {
    const text = this.#lines.join("\n");
    const prose = this.#prose;
    if (text.trim() !== "") {
      this.passages.push({ file: this.#file, line: this.#start, heading: this.#heading, text, prose });
    }
    this.#lines = [];
  }
}

function splitMarkdown(lines: readonly string[], list: PassageList): void {
  let open: string | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = fence.exec(line)?.[1];
    const title = heading.exec(line)?.[1];
    if (mark !== undefined && (open === undefined || mark.startsWith(open))) {
      list.flush();
      open = open === undefined ? mark : undefined;
    } else if (open !== undefined) {
      list.add(line, index + 1, false);
    } else if (title !== undefined) {
      list.head(title);
    } else if (line.trim() === "" || rule.test(line)) {
      list.flush();
    } else {
      if (startsAnew.test(line)) list.flush();
      list.add(line, index + 1, true);
    }
  }
  list.flush();
}

function splitPlain(lines: readonly string[], list: PassageList, prose: boolean): void {
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") list.flush();
    else list.add(line, index + 1, prose);
  }
  list.flush();
}

/**
 * Splits a document into passages with their line numbers: Markdown at its structure, anything else at blank lines;
 * none is longer than 24 lines.
 */
export function splitPassages(file: string, text: string): Passage[] {
  const list = new PassageList(file);
  const lines = text.split("\n");
  if (markdownFile.test(file)) splitMarkdown(lines, list);
  else splitPlain(lines, list, proseFile.test(file));
  return list.passages;
}
