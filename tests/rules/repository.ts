import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A text file of the repository; `path` is relative to its root, with forward slashes. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** A place that breaks a rule, and how to mend it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** The folder that holds the repository. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

const ignoredFolders = new Set([
  ".agentflow",
  ".git",
  "bench/results",
  "coverage",
  "dist",
  "fixtures",
  "node_modules",
  "runs",
]);
const textFile = /\.(ts|mjs|md|json|ya?ml)$/;

function listFiles(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (ignoredFolders.has(entry.name) || ignoredFolders.has(path)) return [];
    if (entry.isDirectory()) return listFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Lists every file of the repository, sorted, as paths relative to its root. */
export function listRepository(): string[] {
  return listFiles("").sort();
}

/** Reads the files that the rules look at: sources, manuals and their data. */
export function readRepository(): RepositoryFile[] {
  return listRepository()
    .filter((path) => textFile.test(path) && path !== "package-lock.json")
    .map((path) => ({
      path,
      text: readFileSync(join(repositoryRoot, path), "utf8").replaceAll("\r\n", "\n"),
    }));
}

/** Gives the sources by which others reach a package: its `index.ts` and the subpaths of its manifest. */
export function packageEntries(files: readonly RepositoryFile[]): Set<string> {
  const entries = files
    .map(({ path }) => path)
    .filter((path) => /^packages\/[^/]+\/src\/index\.ts$/.test(path));
  for (const { path, text } of files) {
    const [folder] = path.match(/^packages\/[^/]+(?=\/package\.json$)/) ?? [];
    if (folder === undefined) continue;
    const { exports = {} }: { exports?: Record<string, string> } = JSON.parse(text);
    entries.push(...Object.values(exports).map((source) => `${folder}/${source.replace(/^\.\//, "")}`));
  }
  return new Set(entries);
}

/** Says whether a path is a TypeScript source. */
export function isTypeScript(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts");
}

/** Says whether a path belongs to the tests, which the size limits leave out. */
export function isTest(path: string): boolean {
  return /\.(test|fixture)\.ts$/.test(path) || path.startsWith("tests/");
}

/** Fails with one line for each finding. */
export function assertClean(findings: readonly Finding[]): void {
  const lines = findings.map(({ path, line, message }) => `${path}:${line} ${message}`);
  if (lines.length > 0) assert.fail(`${lines.length} found:\n${lines.join("\n")}`);
}

/** Shortens findings to `path:line` for comparison in a test. */
export function places(findings: readonly Finding[]): string[] {
  return findings.map(({ path, line }) => `${path}:${line}`);
}
