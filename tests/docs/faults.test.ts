import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { faults } from "../faults/faults.ts";
import { repositoryRoot } from "../rules/repository.ts";

const page = readFileSync(join(repositoryRoot, "docs/testing.md"), "utf8");

test("docs/testing.md says of every fault what goes wrong", () => {
  const described = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
  assert.deepEqual(
    described,
    faults.map(({ name }) => name),
  );
});
