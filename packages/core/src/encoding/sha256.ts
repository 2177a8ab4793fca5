import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./json.ts";

/** SHA-256 (FIPS 180-4) of a text, as UTF-8, or of bytes: 64 lower-case hexadecimal digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** SHA-256 of the canonical JSON of a value: equal for equal values, whatever the order of their keys. */
export function hashOf(value: Json): string {
  return sha256Hex(canonicalJson(value));
}
