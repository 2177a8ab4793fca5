import { encodeJson } from "../encoding/encode-json.ts";
import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** A reducer of one's own. */
export interface CustomReducer<T, D> {
  /** `name@version`: part of the fingerprint, because the function itself is not (S19). Raise it with the behaviour. */
  readonly id: string;
  readonly initial: T;
  /** Pure; gets frozen JSON and returns JSON. */
  readonly reduce: (current: T, delta: D) => T;
  readonly schema?: StandardSchema<unknown, T>;
}

/**
 * A field folded by a function of one's own, in order-key order; never a conflict. Value and delta are JSON. `reduce`
 * throws ValidationError when the function returns something else.
 */
export function custom<T, D = T>(reducer: CustomReducer<T, D>): Field<T, D, "optional"> {
  const initial = encodeJson(reducer.initial, "default").value;
  return Object.freeze({
    kind: "custom",
    presence: "optional",
    initial,
    reducerId: reducer.id,
    ...(reducer.schema === undefined ? {} : { schema: reducer.schema }),
    conflicts: "never",
    reduce: (current: Json | undefined, delta: Json): Json =>
      encodeJson(reducer.reduce((current === undefined ? initial : current) as T, delta as D), reducer.id)
        .value,
    encode: (plain: T | D): unknown => plain,
    decode: (json: Json): T => json as T,
  } as const);
}
