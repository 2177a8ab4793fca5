import { encodeJson } from "../encoding/encode-json.ts";
import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import { type FieldOptions, isFieldOptions } from "./field-options.ts";

/**
 * A field that holds the last value written. Without a default the run's input must give it. Two steps of one
 * superstep that write it conflict (S18). A type that is not JSON needs a codec: `value<Date>({ codec: dateCodec })`.
 */
export function value<T>(): Field<T, T, "required">;
export function value<T>(options: FieldOptions<T>): Field<T, T, "required">;
export function value<T>(initial: T, options?: FieldOptions<T>): Field<T, T, "optional">;
export function value<T>(...given: readonly unknown[]): Field<T> {
  const [first, second] = given;
  const isRequired = given.length === 0 || (given.length === 1 && isFieldOptions(first));
  const { codec, schema } = ((isRequired ? first : second) ?? {}) as Partial<FieldOptions<T>>;
  const encode =
    codec === undefined ? (plain: T): unknown => plain : (typed: T): unknown => codec.encode(typed);
  return Object.freeze({
    kind: "value",
    presence: isRequired ? "required" : "optional",
    initial: isRequired || first === undefined ? undefined : encodeJson(encode(first as T), "default").value,
    reducerId: "value",
    ...(codec === undefined ? {} : { codecId: codec.id }),
    ...(schema === undefined ? {} : { schema }),
    conflicts: "field",
    reduce: (_current: Json | undefined, delta: Json): Json => delta,
    encode,
    decode: codec === undefined ? (json: Json): T => json as T : (json: Json): T => codec.decode(json),
  } as const);
}
