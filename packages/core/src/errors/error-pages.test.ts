import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ErrorCodeEntry } from "./error-code-entry.ts";
import { errorCodes } from "./error-codes.ts";

const folder = new URL("../../../../docs/errors/", import.meta.url);
const index = readFileSync(new URL("README.md", folder), "utf8").replaceAll(/ +/g, " ");

for (const [code, entry] of Object.entries(errorCodes) as [string, ErrorCodeEntry][]) {
  test(`${code}: page and index say what the table says`, () => {
    const page = readFileSync(new URL(`${code}.md`, folder), "utf8");
    const retried = entry.retryable ? "retried where a retry is declared" : "not retried";
    assert.ok(page.startsWith(`# ${code}: ${entry.title}\n`));
    assert.ok(page.includes(`· class ${entry.class} · ${retried} · exit code ${entry.exitCode}\n`));
    for (const part of ["**What happened.** ", "**Why.** ", "**What to do**", "```"])
      assert.ok(page.includes(part));
    assert.ok(index.includes(`| [${code}](${code}.md) | ${entry.title} | ${entry.exitCode} |\n`));
  });
}
