import { posix } from "node:path";
import ts from "typescript";
import { type Finding, isTypeScript, packageEntries, type RepositoryFile } from "./repository.ts";
import { visit } from "./syntax.ts";

const entries = [
  /^packages\/agentflow\/src\/[^/]+\.ts$/,
  /^packages\/.*-thread\.ts$/,
  /^tests\/.*\.test\.ts$/,
  // Loaded by the name of the history that each belongs to.
  /^tests\/histories\/workflows\/[^/]+\.ts$/,
];

// Any relative path in a string counts, so that a worker started by its URL is not taken for an orphan.
function references(file: RepositoryFile): string[] {
  const found: string[] = [];
  visit(file, (node) => {
    if (!ts.isStringLiteralLike(node) || !/^\.\.?\/.*\.ts$|\.fixture\.ts$/.test(node.text)) return;
    found.push(posix.join(posix.dirname(file.path), node.text));
  });
  return found;
}

// What a script of package.json starts.
function scriptEntries(files: readonly RepositoryFile[]): string[] {
  const manifest = files.find(({ path }) => path === "package.json")?.text ?? "";
  return [...manifest.matchAll(/\bscripts\/[\w./-]+\.ts\b/g)].map(([path]) => path);
}

// A fixture is alive where a test uses it; what it imports has to be reached from elsewhere.
function fixturesOf(files: readonly RepositoryFile[]): string[] {
  const tests = files.filter(({ path }) => path.endsWith(".test.ts"));
  return tests.flatMap(references).filter((path) => path.endsWith(".fixture.ts"));
}

/**
 * Finds sources that no entry of their package, script or test reaches. A unit test does not keep its subject
 * alive: what only its own test uses is dead.
 */
export function orphans(files: readonly RepositoryFile[]): Finding[] {
  const sources = new Map(
    files
      .filter(({ path }) => isTypeScript(path) && /^(packages|scripts|tests)\//.test(path))
      .map((file) => [file.path, file]),
  );
  const reached = new Set<string>();
  const open = [...sources.keys()].filter((path) => entries.some((entry) => entry.test(path)));
  open.push(...scriptEntries(files), ...packageEntries(files));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = sources.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    open.push(...references(file));
  }
  for (const path of fixturesOf([...sources.values()])) reached.add(path);
  return [...sources.keys()]
    .filter((path) => !reached.has(path) && !path.endsWith(".test.ts") && !path.endsWith(".config.ts"))
    .map((path) => ({ path, line: 1, message: "no entry reaches this file: use it or remove it" }));
}
