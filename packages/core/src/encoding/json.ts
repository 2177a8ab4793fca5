/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}
