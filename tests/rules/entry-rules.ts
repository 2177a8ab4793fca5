import { relative, sep } from "node:path";
import ts from "typescript";
import { absolutePath, memoryProgram } from "./program.ts";
import { type Finding, packageEntries, type RepositoryFile, repositoryRoot } from "./repository.ts";

function entriesOf(files: readonly RepositoryFile[]): RepositoryFile[] {
  const entries = packageEntries(files);
  return files.filter(({ path }) => entries.has(path));
}

/** Finds packages without entries, and entries that are missing or export nothing: no package is an empty shell. */
export function emptyPackages(files: readonly RepositoryFile[]): Finding[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return files.flatMap(({ path, text }) => {
    const name = path.match(/^packages\/([^/]+)\/package\.json$/)?.[1];
    if (name === undefined) return [];
    const { exports = {} }: { exports?: Record<string, string> } = JSON.parse(text);
    const entries = Object.entries(exports).map(([subpath, source]) => ({
      // A subpath may be a program that others start; the main entry is there for its exports.
      pattern: subpath === "." ? /^export (?!\{\s*\};?)/m : /\S/,
      path: `packages/${name}/${source.replace(/^\.\//, "")}`,
    }));
    if (entries.length === 0)
      return [{ path, line: 1, message: "a package has an entry that others import" }];
    return entries
      .filter((entry) => !entry.pattern.test(texts.get(entry.path) ?? ""))
      .map((entry) => ({
        path: entry.path,
        line: 1,
        message: "an entry exports what others use, each by its name",
      }));
  });
}

function placeOf(declaration: ts.Declaration): { path: string; line: number } {
  const source = declaration.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(declaration.getStart(source));
  return { path: relative(repositoryRoot, source.fileName).split(sep).join("/"), line: line + 1 };
}

/** Finds symbols that a package exports without a doc comment. */
export function undocumentedExports(files: readonly RepositoryFile[]): Finding[] {
  const entries = entriesOf(files);
  const program = memoryProgram(entries);
  const checker = program.getTypeChecker();
  const findings = new Map<string, Finding>();
  for (const { path } of entries) {
    const source = program.getSourceFile(absolutePath(path));
    const entry = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    for (const exported of entry === undefined ? [] : checker.getExportsOfModule(entry)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const declaration = symbol.declarations?.[0];
      if (declaration === undefined || symbol.getDocumentationComment(checker).length > 0) continue;
      const place = placeOf(declaration);
      if (place.path.includes("node_modules/")) continue;
      const message = `${exported.name} is exported without a doc comment`;
      findings.set(`${place.path}:${exported.name}`, { ...place, message });
    }
  }
  return [...findings.values()].sort(
    (left, right) => left.path.localeCompare(right.path) || left.line - right.line,
  );
}
