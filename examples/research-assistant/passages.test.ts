import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "fast-check";
import { splitPassages } from "./passages.ts";

const lamp = await readFile(new URL("fixtures/lighthouse/lamp.md", import.meta.url), "utf8");

test("each passage of a Markdown file stands at its line, under its heading", () => {
  const places = splitPassages("lamp.md", lamp).map(({ line, heading }) => `${line} ${heading}`);
  assert.deepEqual(places, [
    "3 The lamp",
    "8 Lighting up",
    "10 Lighting up",
    "11 Lighting up",
    "12 Lighting up",
    "16 When the lamp fails",
    "20 When the lamp fails",
    "22 When the lamp fails",
    "23 When the lamp fails",
  ]);
});

test("a block of code is a passage of its own and no prose, and its # is no heading", () => {
  const text = "# Start\n\nRun it:\n```sh\n# a comment\nfogsignal\n```\nDone now.\n";
  assert.deepEqual(
    splitPassages("own.md", text).map(({ line, heading, prose, text: own }) => [line, heading, prose, own]),
    [
      [3, "Start", true, "Run it:"],
      [5, "Start", false, "# a comment\nfogsignal"],
      [8, "Start", true, "Done now."],
    ],
  );
});

test("a source is split at blank lines and is no prose, and a plain text is prose", () => {
  const places = (file: string) => splitPassages(file, "a = 1\n\n\nb = 2\nc = 3\n");
  assert.deepEqual(
    places("own.py").map(({ line, prose }) => [line, prose]),
    [
      [1, false],
      [4, false],
    ],
  );
  assert.ok(places("own.txt").every(({ prose }) => prose));
});

test("a long block is cut after 24 lines, and its rest is of the same kind", () => {
  const block = Array.from({ length: 30 }, (_, index) => `signal(${index});`).join("\n");
  assert.deepEqual(
    splitPassages("own.md", `\`\`\`ts\n${block}\n\`\`\`\n`).map(({ line, prose }) => [line, prose]),
    [
      [2, false],
      [26, false],
    ],
  );
});

test("every passage holds the lines of the document from its line on, and 24 at most", () => {
  const line = fc.constantFrom("", "words of prose", "- an item", "# head", "```", "| a | b |", "---", "  x");
  const seed = 20_261_120;
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 80 }),
      fc.constantFrom("a.md", "a.txt", "a.ts"),
      (lines, file) => {
        for (const passage of splitPassages(file, lines.join("\n"))) {
          const own = passage.text.split("\n");
          assert.ok(own.length <= 24);
          assert.deepEqual(lines.slice(passage.line - 1, passage.line - 1 + own.length), own);
        }
      },
    ),
    { seed },
  );
});
