import type { Json, JsonObject } from "@agentflow/core";
import { rankSentences } from "./rank-sentences.ts";
import type { Reading } from "./read-request.ts";
import { termsOf } from "./terms.ts";

const itemsUnlessSaid = 3;
const depthMax = 8;

/**
 * A value of a JSON Schema, taken from the text: a text is the sentence that fits the query and the field's name and
 * description best, a number the first one in such a sentence, a choice the one that the text speaks of most.
 */
export function fillSchema(schema: JsonObject, reading: Reading, about = "", depth = 0): Json {
  const described = `${about} ${typeof schema["description"] === "string" ? schema["description"] : ""}`;
  const best = bestOf(reading, described);
  const choices = schema["enum"];
  if (Array.isArray(choices)) return choiceOf(choices, best);
  if (schema["const"] !== undefined) return schema["const"];
  switch (typeOf(schema)) {
    case "object":
      return depth >= depthMax ? {} : objectOf(schema, reading, described, depth);
    case "array":
      return arrayOf(schema, reading, described, depth);
    case "integer":
      return Math.trunc(numberIn(best));
    case "number":
      return numberIn(best);
    case "boolean":
      return termsOf(described).some((term) =>
        reading.sentences.some((each) => termsOf(each).includes(term)),
      );
    case "null":
      return null;
    default:
      return best[0] ?? "";
  }
}

function typeOf({ type, properties, items }: JsonObject): unknown {
  if (Array.isArray(type)) return type.find((each) => each !== "null");
  if (type !== undefined) return type;
  if (properties !== undefined) return "object";
  return items === undefined ? "string" : "array";
}

function bestOf({ query, sentences }: Reading, about: string): string[] {
  const found = rankSentences(sentences, `${query} ${about}`);
  return (found.length > 0 ? found : rankSentences(sentences, "")).map(({ text }) => text);
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function objectOf(schema: JsonObject, reading: Reading, about: string, depth: number): JsonObject {
  const fields = Object.entries(asObject(schema["properties"]));
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const words = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[_-]/g, " ");
      return [name, fillSchema(asObject(field), reading, `${about} ${words}`, depth + 1)];
    }),
  );
}

// Each item is made of one of the best sentences, so that no two are the same.
function arrayOf(schema: JsonObject, reading: Reading, about: string, depth: number): Json[] {
  const max = typeof schema["maxItems"] === "number" ? schema["maxItems"] : itemsUnlessSaid;
  const min = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
  const items = asObject(schema["items"]);
  const chosen = bestOf(reading, about).slice(0, Math.max(min, Math.min(max, itemsUnlessSaid)));
  return chosen.map((sentence) => fillSchema(items, { ...reading, sentences: [sentence] }, about, depth + 1));
}

function choiceOf(choices: readonly Json[], sentences: readonly string[]): Json {
  const terms = sentences.flatMap(termsOf);
  const weights = choices.map((choice) => {
    const own = new Set(termsOf(String(choice)));
    return terms.filter((term) => own.has(term)).length;
  });
  return choices[weights.indexOf(Math.max(...weights))] ?? null;
}

function numberIn(sentences: readonly string[]): number {
  for (const sentence of sentences) {
    const found = /-?\d[\d,]*(?:\.\d+)?/.exec(sentence)?.[0];
    if (found !== undefined) return Number(found.replaceAll(",", ""));
  }
  return 0;
}
