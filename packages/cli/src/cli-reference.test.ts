import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { cliReference } from "./cli-reference.ts";
import { commands } from "./spec/commands.ts";
import { validateSchema } from "./validate/validate-schema.ts";

const docs = fileURLToPath(new URL("../../../docs", import.meta.url));
const mend = "run `npm run cli-docs`";

test("docs/cli.md is what the command spec makes", () => {
  assert.equal(readFileSync(`${docs}/cli.md`, "utf8"), cliReference(), mend);
});

test("docs/validate.schema.json is the schema of the program", () => {
  assert.deepEqual(JSON.parse(readFileSync(`${docs}/validate.schema.json`, "utf8")), validateSchema, mend);
});

test("every command has a summary and an example that begins with its own name", () => {
  for (const { name, summary, examples } of commands) {
    assert.ok(summary.length > 0, name);
    assert.ok(examples.length > 0, name);
    for (const { line } of examples) assert.match(line, new RegExp(`\\baf ${name}\\b`));
  }
});

test("every command loads the handler that its spec names", async () => {
  for (const { name, load } of commands) assert.equal(typeof (await load()), "function", name);
});
