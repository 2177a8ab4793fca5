import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import fc from "fast-check";
import { countingRows } from "./counting-rows.ts";

// What mysqldump puts before characters that would end a text or confuse a client.
const escapes = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\0", "\\0"],
  ["\u001a", "\\Z"],
  ["'", "\\'"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

function escaped(text: string): string {
  return [...text].map((character) => escapes.get(character) ?? character).join("");
}

const nasty = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("'", "\\", "\\'", "),(", ");\nINSERT INTO `t` VALUES\n(1)", "(", ";", "--", "/*", "é😀"),
);
const value = fc.oneof(
  nasty.map((text) => `'${escaped(text)}'`),
  fc.constantFrom("NULL", "0x41", "-1", "1.5e10"),
);
const table = fc.record({
  name: fc.constantFrom("af_runs", "af_steps", "odd`name", "with space", "VALUES", "größe"),
  rows: fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
  perStatement: fc.integer({ min: 1, max: 6 }),
  isOnOneLine: fc.boolean(),
  hasColumns: fc.boolean(),
});

interface Table {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  readonly perStatement: number;
  readonly isOnOneLine: boolean;
  readonly hasColumns: boolean;
}

function scriptOf({ name, rows, perStatement, isOnOneLine, hasColumns }: Table): string {
  const quoted = `\`${name.replaceAll("`", "``")}\``;
  const lines = [
    `-- Table structure for ${quoted}`,
    `CREATE TABLE ${quoted} (`,
    "  `a` text DEFAULT ';(\\'',",
    ");",
  ];
  for (let at = 0; at < rows.length; at += perStatement) {
    const tuples = rows.slice(at, at + perStatement).map((values) => `(${values.join(",")})`);
    const columns = hasColumns ? "(`a`, `VALUES`) " : "";
    const [before, between] = isOnOneLine ? [" ", ","] : ["\n", ",\n"];
    lines.push(`INSERT INTO ${quoted} ${columns}VALUES${before}${tuples.join(between)};`);
  }
  return `${lines.join("\n")}\n`;
}

test("whatever rows hold and however they are cut, each is counted once and passes through unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(table, { selector: ({ name }) => name, maxLength: 3 }),
      fc.integer({ min: 1, max: 70 }),
      async (tables, chunkSize) => {
        const script = Buffer.from(`/*!40101 SET NAMES utf8mb4 */;\n${tables.map(scriptOf).join("\n")}`);
        const chunks: Buffer[] = [];
        for (let at = 0; at < script.length; at += chunkSize)
          chunks.push(script.subarray(at, at + chunkSize));
        const { step, counts } = countingRows();
        assert.deepEqual(await buffer(Readable.from(chunks).pipe(step)), script);
        assert.deepEqual(counts(), Object.fromEntries(tables.map(({ name, rows }) => [name, rows.length])));
      },
    ),
    { numRuns: 300 },
  );
});

test("a dump is complete with its last line, and not before", async () => {
  for (const [end, isWhole] of [
    ["-- Dump completed on 2026-11-20\n", true],
    ["-- Dump compl", false],
    ["INSERT INTO `t` VALUES\n('\\n-- Dump completed\\n", false],
  ] as const) {
    const { step, isComplete } = countingRows();
    await buffer(Readable.from([Buffer.from(`-- MariaDB dump\n${end}`)]).pipe(step));
    assert.equal(isComplete(), isWhole, end);
  }
});
