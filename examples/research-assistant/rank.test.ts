import assert from "node:assert/strict";
import { test } from "node:test";
import type { Passage } from "./passages.ts";
import { mentions, pickQuotes, rankPassages } from "./rank.ts";
import { planTopics } from "./topics.ts";

function passage(file: string, line: number, text: string, prose = true): Passage {
  return { file, line, heading: "", text, prose };
}

const filler = Array.from({ length: 20 }, (_, index) =>
  passage("filler.md", index + 1, "The keeper writes the weather into the log every evening before supper."),
);

function rankedPlaces(question: string, passages: readonly Passage[]): string[][] {
  return rankPassages(planTopics(question), passages).map(({ passages: ranked }) =>
    ranked.map(({ file, line }) => `${file}:${line}`),
  );
}

test("a rare term weighs more than a common one", () => {
  const passages = [
    ...filler,
    passage("fog.md", 1, "The compressor of the keeper needs three minutes of patience."),
  ];
  assert.deepEqual(rankedPlaces("keeper compressor", passages)[0]?.[0], "fog.md:1");
});

test("equal passages are ordered by file and line, whatever order they come in", () => {
  const same = ["b.md", "a.md"].flatMap((file) =>
    [10, 9].map((line) => passage(file, line, "Sound the signal.")),
  );
  const expected = [["a.md:9", "a.md:10", "b.md:9", "b.md:10"]];
  assert.deepEqual(rankedPlaces("signal", same), expected);
  assert.deepEqual(rankedPlaces("signal", same.toReversed()), expected);
});

test("a topic gets only passages that hold one of its terms, three of a file at most", () => {
  const passages = [...filler, passage("tides.txt", 4, "Land supplies on the flood.")];
  assert.deepEqual(rankedPlaces("the flood, and the weather", passages), [
    ["tides.txt:4"],
    ["filler.md:1", "filler.md:2", "filler.md:3"],
  ]);
});

test("prose comes before code that says the same", () => {
  const passages = [
    passage("a.ts", 1, "sound the signal twice", false),
    passage("b.md", 1, "sound the signal twice"),
  ];
  assert.deepEqual(rankedPlaces("signal", passages), [["b.md:1", "a.ts:1"]]);
});

test("quotes are the sentences that hold the terms, each text once", () => {
  const topics = planTopics("fog signal");
  const text = "The fog signal is loud. Nobody sleeps then. The fog comes at night.";
  const ranked = rankPassages(topics, [passage("a.md", 1, text), passage("b.md", 1, text)])[0];
  assert.ok(ranked !== undefined);
  assert.deepEqual(
    pickQuotes(ranked, topics[0]?.terms ?? []).map(({ file, text: quote }) => `${file} ${quote}`),
    ["a.md The fog signal is loud.", "a.md The fog comes at night."],
  );
});

test("a passage mentions the question if it or its heading shares a term", () => {
  const terms = new Set(planTopics("failing lamps")[0]?.terms);
  assert.ok(mentions(passage("a.md", 1, "The lamp burns."), terms));
  assert.ok(mentions({ ...passage("a.md", 1, "Ring twice."), heading: "When it fails" }, terms));
  assert.ok(!mentions(passage("a.md", 1, "Ring twice."), terms));
});
