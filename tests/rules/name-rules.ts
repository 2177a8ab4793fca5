import type { Finding, RepositoryFile } from "./repository.ts";

const bins = new Set(["utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"]);
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.(types|test|spec|fixture|config))*\.(ts|mjs)$/;
const adrName = /^docs\/adr\/\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$/;

function isSource(path: string): boolean {
  return (path.endsWith(".ts") && !path.endsWith(".d.ts")) || path.endsWith(".mjs");
}

// A folder may hold type tests, and `event-types.ts` says what it holds; `types.ts` alone does not.
function binsIn(path: string): string[] {
  const parts = path.replace(/(\.types)?(\.test)?\.(ts|mjs)$/, "").split("/");
  const found = parts
    .flatMap((part) => [part, part.split("-").at(-1) ?? part])
    .filter((name) => bins.has(name));
  return parts.at(-1) === "types" ? [...found, "types"] : found;
}

/** Finds files and folders that are named like a bin, which says nothing about what they hold. */
export function binNames(files: readonly RepositoryFile[]): Finding[] {
  return files
    .filter(({ path }) => isSource(path))
    .flatMap(({ path }) => {
      const found = binsIn(path)[0];
      if (found === undefined) return [];
      return [{ path, line: 1, message: `"${found}" names a bin: name the file after what it holds` }];
    });
}

/** Finds what editors and merges leave behind. */
export function leftovers(paths: readonly string[]): Finding[] {
  return paths
    .filter((path) => /(\.(orig|rej|bak|swp|tmp)|~)$/.test(path))
    .map((path) => ({ path, line: 1, message: "is a leftover of an editor or a merge: remove it" }));
}

/** Finds sources whose names are not in kebab-case. */
export function oddFileNames(files: readonly RepositoryFile[]): Finding[] {
  return files
    .filter(({ path }) => isSource(path))
    .filter(({ path }) => !kebabCase.test(path.split("/").at(-1)?.replace(/^\./, "") ?? ""))
    .map(({ path }) => ({ path, line: 1, message: "file names are kebab-case, after the main export" }));
}

/** Finds decision records with an odd or a taken name: `docs/adr/NNNN-kebab-case.md`. */
export function oddDecisionNames(files: readonly RepositoryFile[]): Finding[] {
  const numbers = new Map<string, string>();
  return files
    .filter(({ path }) => path.startsWith("docs/adr/") && !/\/(README|template)\.md$/.test(path))
    .flatMap(({ path }) => {
      if (!adrName.test(path)) return [{ path, line: 1, message: "is named docs/adr/NNNN-kebab-case.md" }];
      const number = path.slice("docs/adr/".length, "docs/adr/".length + 4);
      const taken = numbers.get(number);
      numbers.set(number, path);
      return taken === undefined ? [] : [{ path, line: 1, message: `the number is taken by ${taken}` }];
    });
}
