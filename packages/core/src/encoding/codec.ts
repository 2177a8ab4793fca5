import type { Json } from "./json.ts";

/**
 * How values of type T are stored as JSON. `decode(encode(value))` equals `value`; `id` is `name@version` and part of
 * the workflow's fingerprint (S19), so a change of the stored form needs a new version.
 */
export interface Codec<T> {
  readonly id: string;
  encode(value: T): Json;
  decode(json: Json): T;
  /** Tells whether a value is one that `encode` accepts. */
  is?(value: unknown): value is T;
}
