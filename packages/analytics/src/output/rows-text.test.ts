import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsToCsv, rowsToMarkdown } from "./rows-text.ts";

const table = {
  columns: ["name", "amount"],
  rows: [
    { name: 'Tea, "green"', amount: 1.5 },
    { name: "a|b\nc", amount: null },
  ],
};

test("CSV quotes what would end a field, and leaves nothing empty (RFC 4180)", () => {
  assert.equal(rowsToCsv(table), 'name,amount\n"Tea, ""green""",1.5\n"a|b\nc",\n');
});

test("Markdown keeps a row on its line, and numbers stand to the right", () => {
  assert.equal(
    rowsToMarkdown(table),
    '| name | amount |\n| --- | ---: |\n| Tea, "green" | 1.5 |\n| a\\|b c |  |\n',
  );
});
