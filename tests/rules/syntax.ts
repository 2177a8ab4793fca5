import ts from "typescript";
import type { Finding, RepositoryFile } from "./repository.ts";

const parsed = new WeakMap<RepositoryFile, ts.SourceFile>();

/** Parses a source once, however many rules look at it. */
function syntaxOf(file: RepositoryFile): ts.SourceFile {
  let source = parsed.get(file);
  if (source === undefined) {
    source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
    parsed.set(file, source);
  }
  return source;
}

/** Visits every node of a source, parents first. */
export function visit(file: RepositoryFile, look: (node: ts.Node, source: ts.SourceFile) => void): void {
  const source = syntaxOf(file);
  const walk = (node: ts.Node): void => {
    look(node, source);
    ts.forEachChild(node, walk);
  };
  walk(source);
}

/** Gives the line, from 1, on which a node starts, its doc comment left out. */
export function lineOf(node: ts.Node, source: ts.SourceFile): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Makes the finding of a rule at a node. */
export function findingAt(file: RepositoryFile, node: ts.Node, message: string): Finding {
  return { path: file.path, line: lineOf(node, syntaxOf(file)), message };
}

/** Lists the comments of a source with the line on which each starts. */
export function commentsOf(file: RepositoryFile): { text: string; line: number }[] {
  const source = syntaxOf(file);
  const comments = new Map<number, { text: string; line: number }>();
  const collect = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? []) {
      const line = source.getLineAndCharacterOfPosition(pos).line + 1;
      comments.set(pos, { text: file.text.slice(pos, end), line });
    }
  };
  const walk = (node: ts.Node): void => {
    collect(ts.getLeadingCommentRanges(file.text, node.getFullStart()));
    collect(ts.getTrailingCommentRanges(file.text, node.getEnd()));
    for (const child of node.getChildren(source)) walk(child);
  };
  walk(source);
  return [...comments.values()].sort((left, right) => left.line - right.line);
}
