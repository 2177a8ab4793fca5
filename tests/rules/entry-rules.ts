import { relative, sep } from "node:path";
import ts from "typescript";
import { absolutePath, memoryProgram } from "./program.ts";
import { type Finding, type RepositoryFile, repositoryRoot } from "./repository.ts";

const entryPath = /^packages\/([^/]+)\/src\/index\.ts$/;

function entriesOf(files: readonly RepositoryFile[]): RepositoryFile[] {
  return files.filter(({ path }) => entryPath.test(path));
}

/** Finds packages without an entry, and entries that export nothing: no package is an empty shell. */
export function emptyPackages(files: readonly RepositoryFile[]): Finding[] {
  const entries = new Map(entriesOf(files).map((file) => [file.path, file.text]));
  return files
    .flatMap(({ path }) => path.match(/^packages\/([^/]+)\/package\.json$/)?.[1] ?? [])
    .map((name) => `packages/${name}/src/index.ts`)
    .filter((path) => !/^export (?!\{\s*\};?)/m.test(entries.get(path) ?? ""))
    .map((path) => ({
      path,
      line: 1,
      message: "the entry of a package exports what others use, each by its name",
    }));
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
