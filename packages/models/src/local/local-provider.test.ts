import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Message, ModelRequest } from "../request.ts";
import { embedText } from "./embed-text.ts";
import { localProvider } from "./local-provider.ts";

const { signal } = new AbortController();
const handbook = `The lamp burns colza oil. In fog the lamp burns by day as well.
If the lamp fails at night, hang the reserve lantern on the north rail. The keeper winds the clockwork at dusk.
The tide gauge is read every six hours. Gulls nest below the gallery in May.`;

async function answer(text: string, more: Partial<ModelRequest> = {}): Promise<string> {
  const messages: Message[] = [{ role: "user", text }];
  return (await localProvider.generate("", { model: "local", messages, ...more }, signal)).text;
}

test("it answers a question with the sentence that says it", async () => {
  const lamp = await answer(`What is to be done if the lamp fails?\n${handbook}`);
  assert.match(lamp, /hang the reserve lantern on the north rail\./);
  assert.doesNotMatch(lamp, /Gulls|tide/);
  assert.match(await answer(`${handbook}\nHow often is the tide gauge read?`), /every six hours/);
});

test("where there is room for one sentence, it is the one that answers best", async () => {
  const one = { maxOutputTokens: 1 };
  assert.equal(
    await answer(`What if the lamp fails at night?\n${handbook}`, one),
    "If the lamp fails at night, hang the reserve lantern on the north rail.",
  );
  assert.equal(
    await answer(`Does the lamp burn in fog?\n${handbook}`, one),
    "In fog the lamp burns by day as well.",
  );
});

test("without a question it gives the sentences that tell most of what the text is about, in their order", async () => {
  const found = await answer(`Lamp log. ${handbook}`, { maxOutputTokens: 30 });
  assert.match(found, /lamp/);
  const places = found.split(/(?<=\.) /).map((sentence) => handbook.indexOf(sentence));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test("what the text does not speak of is not answered", async () => {
  assert.equal(await answer(`Who founded Carthage?\n${handbook}`), "The text says nothing about it.");
});

test("the text may be in results of tools, and the system's message only where there is no other", async () => {
  const question: Message = { role: "user", text: "When is the clockwork wound?" };
  const tool: Message = { role: "tool", id: "1", name: "read", result: handbook };
  const system: Message = { role: "system", text: "Clockwork is wound by robots." };
  const ask = async (messages: Message[]): Promise<string> =>
    (await localProvider.generate("", { model: "local", messages }, signal)).text;
  assert.match(await ask([system, question, tool]), /winds the clockwork at dusk/);
  assert.match(await ask([system, question]), /robots/);
});

test("it invents nothing: each sentence of an answer is one of the text, and the same request gives the same bytes", async () => {
  const words = fc.constantFrom(
    "lamp",
    "fog",
    "keeper",
    "tide",
    "burns",
    "the",
    "gallery",
    "12",
    "winds",
    "Ärger",
  );
  const sentence = fc.array(words, { minLength: 2, maxLength: 9 }).map((all) => `A ${all.join(" ")}.`);
  const text = fc.array(sentence, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(text, words, async (sentences, about) => {
      const asked = `What of ${about}?\n${sentences.join(" ")}`;
      const said = await answer(asked);
      assert.equal(await answer(asked), said);
      if (said === "The text says nothing about it.") return;
      for (const each of said.split(/(?<=\.) /)) assert.ok(sentences.includes(each), each);
    }),
    { seed: 25, numRuns: 200 },
  );
});

test("a stream shows the same text as the whole answer", async () => {
  const request = { model: "local", messages: [{ role: "user", text: `Fog?\n${handbook}` }] } as const;
  let text = "";
  for await (const part of localProvider.stream("", request, signal))
    if (part.type === "text") text += part.text;
  assert.equal(text, (await localProvider.generate("", request, signal)).text);
});

test("a schema is filled from the text: texts, numbers, choices, lists and nested objects", async () => {
  const schema = {
    type: "object",
    properties: {
      fog: { type: "string", description: "what happens in fog" },
      gaugeMarks: { type: "integer" },
      month: { enum: ["March", "May", "July"] },
      light: { type: "object", properties: { oil: { type: "string" } } },
      rules: { type: "array", items: { type: "string" }, maxItems: 2 },
      mentionsGulls: { type: "boolean", description: "gulls" },
      none: { type: "null" },
    },
  } as const;
  const facts = `${handbook} The gauge has 3 marks.`;
  const value = JSON.parse(await answer(`Summary.\n${facts}`, { output: { schema } }));
  assert.match(value.fog, /In fog the lamp burns/);
  assert.equal(value.month, "May");
  assert.match(value.light.oil, /colza oil/);
  assert.equal(value.rules.length, 2);
  assert.notEqual(value.rules[0], value.rules[1]);
  assert.equal(value.mentionsGulls, true);
  assert.equal(value.none, null);
  assert.equal(value.gaugeMarks, 3);
});

test("vectors of texts with the same words are near, of others are not, and all have length 1", () => {
  const near = (a: string, b: string): number => {
    const [left, right] = [embedText(a), embedText(b)];
    return left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0);
  };
  assert.ok(near("the lamps burn in fog", "lamp burning by fog") > 0.9);
  assert.ok(Math.abs(near("the lamps burn in fog", "gulls nest below the gallery")) < 0.5);
  assert.ok(Math.abs(Math.hypot(...embedText(handbook)) - 1) < 1e-9);
  assert.deepEqual(embedText(""), new Array(256).fill(0));
});
