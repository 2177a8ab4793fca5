import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "fast-check";
import { splitPassages } from "./passages.ts";
import { sentencesOf } from "./sentences.ts";

const lamp = await readFile(new URL("fixtures/lighthouse/lamp.md", import.meta.url), "utf8");

function cited(file: string, text: string): string[] {
  return splitPassages(file, text)
    .flatMap(sentencesOf)
    .map((sentence) => `${sentence.line}-${sentence.lastLine} ${sentence.text}`);
}

test("a sentence is cited with the lines it runs over, and an abbreviation does not end it", () => {
  const sentences = cited("lamp.md", lamp);
  assert.ok(sentences.includes("8-8 In fog the lamp burns by day as well."));
  assert.ok(
    sentences.includes(
      "16-17 If the lamp fails at night, hang the reserve lantern within ten minutes and report the failure to the harbour office, e.g. by radio.",
    ),
  );
  assert.ok(
    sentences.includes("17-18 The keeper on duty never leaves the tower until the lamp burns again."),
  );
});

test("the name after a title belongs to the sentence", () => {
  assert.deepEqual(cited("own.md", "Ask Dr. Grey at the harbour. She knows the way.\n"), [
    "1-1 Ask Dr. Grey at the harbour.",
    "1-1 She knows the way.",
  ]);
});

test("the mark of a list item is no part of the quote", () => {
  assert.ok(cited("lamp.md", lamp).includes("10-10 Draw the curtains of the lantern room."));
  assert.deepEqual(cited("own.md", "- Ring the bell at noon.\n\n> The bell was never rung.\n"), [
    "1-1 Ring the bell at noon.",
    "3-3 The bell was never rung.",
  ]);
});

test("what emphasis and tables leave behind is no part of the quote, nor are three words a quote", () => {
  assert.deepEqual(
    cited("own.md", "**Why it is.** Fog hides the buoy.\n\n| a | the fog signal fails |\n\nRing it twice.\n"),
    ["1-1 Fog hides the buoy.", "3-3 a | the fog signal fails"],
  );
});

test("code is quoted by the line, without its indentation", () => {
  assert.deepEqual(cited("own.ts", "if (fog) {\n  soundTheSignal();\n}\n"), ["2-2 soundTheSignal();"]);
});

test("whatever the text, a quote stands in the lines it is cited from", () => {
  const piece = fc.constantFrom(
    "The lamp",
    " fails",
    ". ",
    ".\n",
    "\n",
    "! Ring twice",
    " e.g. ",
    "- ",
    "“Fog?”",
  );
  const seed = 20_261_121;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom("a.md", "a.ts"), (pieces, file) => {
      const text = pieces.join("");
      const lines = text.split("\n");
      for (const { line, lastLine, text: quote } of splitPassages(file, text).flatMap(sentencesOf)) {
        const source = lines
          .slice(line - 1, lastLine)
          .join(" ")
          .replaceAll(/\s+/g, " ");
        assert.ok(source.includes(quote), `"${quote}" is not in "${source}"`);
      }
    }),
    { seed },
  );
});
