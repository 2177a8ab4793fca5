import { ValidationError } from "../errors/validation-error.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Codec } from "./codec.ts";
import type { Json } from "./json.ts";

/** Stores a Date as its ISO 8601 text in UTC, to the millisecond; an invalid date throws ValidationError. */
export const dateCodec: Codec<Date> = {
  id: "date@1",
  encode(value) {
    if (Number.isNaN(value.getTime())) throw refused("date@1", "an invalid Date");
    return value.toISOString();
  },
  decode(json) {
    const date = new Date(typeof json === "string" ? json : Number.NaN);
    if (Number.isNaN(date.getTime())) throw refused("date@1", describe(json));
    return date;
  },
  is: (value) => value instanceof Date,
};

/** Stores a bigint as its decimal text. */
export const bigintCodec: Codec<bigint> = {
  id: "bigint@1",
  encode: (value) => value.toString(),
  decode(json) {
    if (typeof json !== "string" || !/^(0|-?[1-9]\d*)$/.test(json)) throw refused("bigint@1", describe(json));
    return BigInt(json);
  },
  is: (value) => typeof value === "bigint",
};

/** Stores bytes as base64 with padding (RFC 4648, section 4). */
export const bytesCodec: Codec<Uint8Array> = {
  id: "bytes@1",
  encode: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"),
  decode(json) {
    const bytes = Buffer.from(typeof json === "string" ? json : "", "base64");
    // Buffer skips what it cannot read; only a text that comes back the same was whole.
    if (bytes.toString("base64") !== json) throw refused("bytes@1", describe(json));
    return new Uint8Array(bytes);
  },
  is: (value) => value instanceof Uint8Array,
};

/** Stores a Map as its list of [key, value] pairs in insertion order; keys and values are JSON. */
export function mapCodec<K extends Json, V extends Json>(): Codec<Map<K, V>> {
  return {
    id: "map@1",
    encode: (value) => [...value],
    decode(json) {
      if (!Array.isArray(json) || !json.every((pair) => Array.isArray(pair) && pair.length === 2)) {
        throw refused("map@1", describe(json));
      }
      return new Map(json as unknown as readonly (readonly [K, V])[]);
    },
    is: (value) => value instanceof Map,
  };
}

/** Stores a Set as the list of its members in insertion order; members are JSON. */
export function setCodec<V extends Json>(): Codec<Set<V>> {
  return {
    id: "set@1",
    encode: (value) => [...value],
    decode(json) {
      if (!Array.isArray(json)) throw refused("set@1", describe(json));
      return new Set(json as readonly V[]);
    },
    is: (value) => value instanceof Set,
  };
}

function describe(json: Json): string {
  const text = canonicalJson(json);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function refused(codec: string, found: string): ValidationError {
  return new ValidationError("AF_STATE_VALUE", `The codec ${codec} does not accept ${found}.`, {
    context: { codec, found },
  });
}
