import assert from "node:assert/strict";
import { test } from "node:test";
import type { Quote } from "./rank.ts";
import { composeReport, type Findings } from "./report.ts";

const quote = (text: string, score: number, lastLine = 7): Quote => ({
  file: "lamp.md",
  line: 7,
  lastLine,
  text,
  prose: true,
  score,
});

const findings: Findings = {
  question: "Who hangs  the lantern?",
  documents: ["lamp.md", "photo.md"],
  notes: [
    { topic: "lantern", quotes: [quote("The keeper hangs it.", 2)] },
    { topic: "night", quotes: [quote("The keeper hangs it.", 2), quote("Nobody sleeps.", 3, 8)] },
  ],
  unread: [{ file: "photo.md", reason: "it is no text" }],
};

test("a report answers in short, then by topic, with each quote once, its place, its source and what was not read", () => {
  assert.equal(
    composeReport(findings),
    `# Who hangs the lantern?

Looked for lantern, night in 1 document. Every line below is quoted from the place named after it.

## In short

- Nobody sleeps. (\`lamp.md:7-8\`)
- The keeper hangs it. (\`lamp.md:7\`)

## Lantern

> The keeper hangs it.
>
> — \`lamp.md:7\`

## Night

> Nobody sleeps.
>
> — \`lamp.md:7-8\`

## Sources

1. \`lamp.md\` (2 quotes)

## Not read

- \`photo.md\`: it is no text
`,
  );
});

test("a report on nothing says so", () => {
  const report = composeReport({ ...findings, notes: [{ topic: "lantern", quotes: [] }], unread: [] });
  assert.match(report, /No document mentions anything the question asks for\./);
  assert.doesNotMatch(report, /## (Sources|Not read|In short|Lantern)/);
});

test("a topic without a quote of its own says whether it was found at all", () => {
  const [lantern] = findings.notes;
  assert.ok(lantern !== undefined);
  const notes = [lantern, { topic: "keeper", quotes: lantern.quotes }, { topic: "storm", quotes: [] }];
  const report = composeReport({ ...findings, notes });
  assert.match(report, /## Keeper\n\nWhat was found stands under the topics above\.\n/);
  assert.match(report, /## Storm\n\nNo document mentions it\.\n/);
});

test("code is shown as code, and a topic with three quotes at most", () => {
  const code = { ...quote("# fogsignal `now`", 9), prose: false };
  const many = [1, 2, 3, 4].map((number) => quote(`Sentence number ${number} of four.`, number));
  const report = composeReport({ ...findings, notes: [{ topic: "fog", quotes: [code, ...many] }] });
  assert.match(report, /> `` # fogsignal `now` ``\n/);
  assert.equal(report.match(/^> — /gm)?.length, 3);
});
