import assert from "node:assert/strict";
import { test } from "node:test";
import { errorPages } from "./error-page-rule.ts";
import type { RepositoryFile } from "./repository.ts";

const index: RepositoryFile = { path: "docs/errors/README.md", text: "[AF_A](AF_A.md)" };
const page: RepositoryFile = { path: "docs/errors/AF_A.md", text: "# AF_A: a title\n" };

test("a code with its page, linked from the index, passes", () => {
  assert.deepEqual(errorPages(["AF_A"], [index, page]), []);
});

test("a code without a page or without a link is found", () => {
  assert.deepEqual(
    errorPages(["AF_A", "AF_B"], [index, page]).map(({ message }) => message),
    ["is missing: AF_B needs its page", "does not link the page of AF_B"],
  );
});

test("a page that belongs to no code is found", () => {
  assert.deepEqual(
    errorPages([], [index, page]).map(({ path, message }) => `${path} ${message}`),
    ["docs/errors/AF_A.md belongs to no error code"],
  );
});

test("a page that does not start with its code is found", () => {
  const [finding] = errorPages(["AF_A"], [index, { ...page, text: "# Something\n" }]);
  assert.equal(finding?.message, 'starts with the heading "# AF_A"');
});
