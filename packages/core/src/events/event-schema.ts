import type { Json, JsonObject } from "../encoding/json.ts";
import { type EventFieldKind, type EventTypeEntry, eventTypes } from "./event-fields.ts";

/** ISO 8601 as `Date.prototype.toISOString` writes it. */
export const timestampPattern = "^(\\d{4}|[+-]\\d{6})-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$";

/** SHA-256 in lower-case hexadecimal digits. */
export const hashPattern = "^[0-9a-f]{64}$";

const text: JsonObject = { type: "string" };

const kindSchemas: Readonly<Record<EventFieldKind, JsonObject>> = {
  text,
  hash: { type: "string", pattern: hashPattern },
  count: { type: "integer", minimum: 0 },
  index: { type: "integer", minimum: -1 },
  time: { type: "number" },
  boolean: { type: "boolean" },
  json: {},
  object: { type: "object" },
  texts: { type: "array", items: text },
  textMap: { type: "object", additionalProperties: text },
  cacheAnswer: { enum: ["hit", "miss"] },
  writeReason: { enum: ["created", "changed", "nochange"] },
};

/** The published JSON Schema (draft 2020-12) of a record event, one line of `events.jsonl` (RUN-2). */
export function eventSchema(): JsonObject {
  const types = Object.entries(eventTypes);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "AgentFlow record event",
    type: "object",
    required: ["ts", "seq", "epoch", "level", "runId", "type", "data"],
    properties: {
      ts: { type: "string", pattern: timestampPattern, description: "ISO 8601, UTC." },
      seq: { type: "integer", minimum: 1, description: "Dense and increasing within the run." },
      epoch: { type: "integer", minimum: 0, description: "Number of the owner whose commit this was." },
      level: { enum: ["DEBUG", "INFO", "WARN", "ERROR"] },
      runId: { type: "string", minLength: 1 },
      type: { enum: types.map(([type]) => type) },
      step: { type: "string", minLength: 1, description: "Step id." },
      data: { type: "object" },
    },
    additionalProperties: false,
    oneOf: types.map(([type, { ofStep }]) => ({
      properties: {
        type: { const: type },
        data: { $ref: `#/$defs/${type}` },
        ...(ofStep ? {} : { step: false }),
      },
      ...(ofStep ? { required: ["step"] } : {}),
    })),
    $defs: Object.fromEntries(types.map(([type, entry]) => [type, dataSchema(entry)])),
  };
}

function dataSchema(entry: EventTypeEntry): JsonObject {
  const fields = Object.entries(entry.fields);
  const properties = fields.map(([name, { kind, means }]): [string, Json] => [
    name,
    { ...kindSchemas[kind], description: means },
  ]);
  return {
    description: entry.means,
    type: "object",
    required: fields.filter(([, { optional }]) => optional !== true).map(([name]) => name),
    properties: Object.fromEntries(properties),
    ...(entry.open ? {} : { additionalProperties: false }),
  };
}
