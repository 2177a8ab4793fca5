/** A fenced code block of a Markdown page; `line` is the line of its opening fence. */
export interface CodeBlock {
  readonly language: string;
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

const fence = /^( {0,3}|\s*[-*]\s+)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;

/** Takes a Markdown page apart: its code blocks, and its lines with the blocks blanked out. */
export function splitMarkdown(text: string): { blocks: CodeBlock[]; prose: string[] } {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { marker: string; language: string; info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (open !== undefined) {
      prose.push("");
      if (line.trim().startsWith(open.marker) && line.trim().replaceAll(open.marker.charAt(0), "") === "") {
        blocks.push({
          language: open.language,
          info: open.info,
          text: open.lines.join("\n"),
          line: open.line,
        });
        open = undefined;
      } else open.lines.push(line);
      continue;
    }
    const [, , marker, language, info] = line.match(fence) ?? [];
    if (marker === undefined) {
      prose.push(line);
      continue;
    }
    prose.push("");
    open = { marker, language: language ?? "", info: info?.trim() ?? "", line: index + 1, lines: [] };
  }
  if (open !== undefined) {
    blocks.push({
      language: open.language,
      info: "is never closed",
      text: open.lines.join("\n"),
      line: open.line,
    });
  }
  return { blocks, prose };
}

/** Gives the anchors of a Markdown page's headings, as GitHub makes them, and of its `id` attributes. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  for (const line of splitMarkdown(text).prose) {
    for (const [, id] of line.matchAll(/<[a-z]+ [^>]*\b(?:id|name)="([^"]+)"/g))
      if (id !== undefined) anchors.add(id);
    const heading = line.match(/^#{1,6}\s+(.*?)\s*#*$/)?.[1];
    if (heading === undefined) continue;
    const label = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/<[^>]+>/g, "");
    const slug = label
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

/** Lists the targets of a page's links and images, with their lines; code is not looked at. */
export function linksOf(text: string): { target: string; line: number }[] {
  return splitMarkdown(text).prose.flatMap((line, index) => {
    const plain = line.replaceAll(/(`+)[^`]*?\1/g, (code) => " ".repeat(code.length));
    const inline = [...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
    const defined = [...plain.matchAll(/^\s*\[[^\]]+\]:\s+<?([^\s>]+)>?/g)];
    const html = [...plain.matchAll(/\b(?:href|src)="([^"]+)"/g)];
    return [...inline, ...defined, ...html].map(([, target]) => ({ target: target ?? "", line: index + 1 }));
  });
}
