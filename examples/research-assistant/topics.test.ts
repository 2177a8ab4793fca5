import assert from "node:assert/strict";
import { test } from "node:test";
import { planTopics } from "./topics.ts";

const titles = (question: string): string[] => planTopics(question).map(({ title }) => title);

test("topics are the key phrases of the question, in the order asked", () => {
  assert.deepEqual(titles("What happens when the lamp fails, and who has to start the reserve generator?"), [
    "lamp fails",
    "start",
    "reserve generator",
  ]);
});

test("punctuation ends a phrase, and a long phrase is cut after three words", () => {
  assert.deepEqual(titles("fog, lamp"), ["fog", "lamp"]);
  assert.deepEqual(titles("outer harbour office radio"), ["outer harbour office", "radio"]);
});

test("a topic that only repeats another is left out", () => {
  assert.deepEqual(titles("lamp, the lamps, and the reserve lamp"), ["reserve lamp"]);
  assert.deepEqual(titles("fog or fogs"), ["fog"]);
});

test("a question without a subject has no topics", () => {
  assert.deepEqual(planTopics("What is it, and why?"), []);
  assert.deepEqual(planTopics("  "), []);
});

test("there are six topics at most", () => {
  assert.equal(titles("wind, rain, snow, hail, ice, fog, storm, tide").length, 6);
});
