import type { Json, JsonObject } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";

const emptyObject: JsonObject = Object.freeze({});

/**
 * An object into which each delta is merged key by key; empty by default. Two steps of one superstep that write the
 * same key conflict, different keys do not (S18). The codec is that of one value.
 */
export function merge<V>(
  options: Partial<FieldOptions<V, Readonly<Record<string, V>>>> = {},
): Field<Readonly<Record<string, V>>, Readonly<Record<string, V>>, "optional"> {
  const { codec, schema } = options;
  return Object.freeze({
    kind: "merge",
    presence: "optional",
    initial: emptyObject,
    reducerId: "merge",
    ...(codec === undefined ? {} : { codecId: codec.id }),
    ...(schema === undefined ? {} : { schema }),
    conflicts: "key",
    reduce: (current: Json | undefined, delta: Json): Json =>
      Object.freeze({ ...(current as JsonObject | undefined), ...(delta as JsonObject) }),
    encode:
      codec === undefined
        ? (entries: Readonly<Record<string, V>>): unknown => entries
        : (entries: Readonly<Record<string, V>>): unknown =>
            mapValues(entries, (entry) => codec.encode(entry)),
    decode:
      codec === undefined
        ? (json: Json): Readonly<Record<string, V>> => json as unknown as Readonly<Record<string, V>>
        : (json: Json): Readonly<Record<string, V>> =>
            mapValues(json as JsonObject, (entry) => codec.decode(entry)),
  } as const);
}

// Object.fromEntries defines properties, so that a key `__proto__` stays a key.
function mapValues<From, To>(
  entries: Readonly<Record<string, From>>,
  change: (entry: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, change(entry)]));
}
