import { globSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";

const testGlobs = [
  "packages/*/src/**/*.test.ts",
  "tests/**/*.test.ts",
  "examples/**/*.test.ts",
  "bench/src/**/*.test.ts",
  "bench/analytics/*.test.ts",
];

function ignored(path: string): boolean {
  return path.split(sep).some((part) => part === "node_modules" || part === "dist" || part === "fixtures");
}

/**
 * Lists the test files of the repository in `root`, sorted, as paths relative to it. `selection` narrows the list
 * to files or folders; a selection that matches no test file throws, so that a typing error never passes as green.
 */
export function testFiles(root: string, selection: readonly string[]): string[] {
  const all = globSync(testGlobs, { cwd: root }).filter((path) => !ignored(path));
  all.sort();
  if (selection.length === 0) return all;
  const chosen = new Set<string>();
  for (const choice of selection) {
    const wanted = relative(root, resolve(root, choice));
    const matches = all.filter((path) => path === wanted || path.startsWith(join(wanted, sep)));
    if (matches.length === 0) throw new Error(`No test file matches "${choice}".`);
    for (const match of matches) chosen.add(match);
  }
  return [...chosen].sort();
}
