import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { linksOf } from "../rules/markdown.ts";
import { type RepositoryFile, readRepository } from "../rules/repository.ts";

/** The pages that are at most so many clicks away from `start`, itself included. */
function reached(pages: readonly RepositoryFile[], start: string, clicks: number): Set<string> {
  const texts = new Map(pages.map(({ path, text }) => [path, text]));
  const found = new Set([start]);
  for (let click = 0; click < clicks; click++) {
    for (const path of [...found]) {
      for (const { target } of linksOf(texts.get(path) ?? "")) {
        const [file = ""] = target.split("#");
        const page = posix.join(posix.dirname(path), file);
        if (texts.has(page)) found.add(page);
      }
    }
  }
  return found;
}

test("clicks are counted along links, and links of a page that is too far away do not count", () => {
  const page = (path: string, text: string): RepositoryFile => ({ path, text });
  const pages = [
    page("README.md", "[a](docs/a.md#top)"),
    page("docs/a.md", "[b](b.md)"),
    page("docs/b.md", "[c](c.md)"),
  ];
  pages.push(page("docs/c.md", ""));
  assert.deepEqual([...reached(pages, "README.md", 2)], ["README.md", "docs/a.md", "docs/b.md"]);
});

test("README leads to every manual in two clicks", () => {
  const pages = readRepository().filter(({ path }) => path.endsWith(".md"));
  const near = reached(pages, "README.md", 2);
  const far = pages.map(({ path }) => path).filter((path) => !near.has(path));
  assert.deepEqual(far, []);
});
