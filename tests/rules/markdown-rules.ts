import { posix } from "node:path";
import { parseDocument } from "yaml";
import { anchorsOf, linksOf, splitMarkdown } from "./markdown.ts";
import type { Finding, RepositoryFile } from "./repository.ts";

function pagesOf(files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.filter(({ path }) => path.endsWith(".md"));
}

/** Finds links to files, folders or headings that do not exist. `paths` are all files of the repository. */
export function brokenLinks(files: readonly RepositoryFile[], paths: readonly string[]): Finding[] {
  const known = new Set(paths.flatMap((path) => [path, ...parentsOf(path)]));
  const anchors = new Map(pagesOf(files).map(({ path, text }) => [path, anchorsOf(text)]));
  return pagesOf(files).flatMap(({ path, text }) =>
    linksOf(text).flatMap(({ target, line }) => {
      if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
      const [file = "", anchor] = decodeURIComponent(target).split("#");
      const resolved = file === "" ? path : posix.join(posix.dirname(path), file).replace(/\/$/, "");
      if (!known.has(resolved)) return [{ path, line, message: `links to ${target}, which does not exist` }];
      const headings = anchors.get(resolved);
      if (anchor === undefined || headings === undefined || headings.has(anchor)) return [];
      return [{ path, line, message: `links to ${target}, which is no heading of ${resolved}` }];
    }),
  );
}

function parentsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => (index === 0 ? "." : parts.slice(0, index).join("/")));
}

function troubleIn(language: string, text: string): string | undefined {
  if (language === "json") return troubleOf(() => JSON.parse(text));
  if (language === "jsonl")
    return troubleOf(() =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
  if (language === "yaml" || language === "yml") return parseDocument(text).errors[0]?.message;
  return undefined;
}

function troubleOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Finds embedded JSON and YAML that does not parse, and code blocks that are never closed. */
export function brokenData(files: readonly RepositoryFile[]): Finding[] {
  return pagesOf(files).flatMap(({ path, text }) =>
    splitMarkdown(text).blocks.flatMap((block) => {
      if (block.info === "is never closed")
        return [{ path, line: block.line, message: "the block is never closed" }];
      const trouble = troubleIn(block.language, block.text);
      if (trouble === undefined) return [];
      return [{ path, line: block.line, message: `the ${block.language} block does not parse: ${trouble}` }];
    }),
  );
}
