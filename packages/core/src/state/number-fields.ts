import { encodeJson } from "../encoding/encode-json.ts";
import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** What a number field can be given beside its default. */
export interface NumberFieldOptions {
  readonly schema?: StandardSchema<unknown, number>;
}

/**
 * A number to which each delta is added in order-key order, 0 by default; never a conflict. `reduce` throws
 * ValidationError when the sum is no longer finite.
 */
export function sum(initial = 0, options: NumberFieldOptions = {}): Field<number, number, "optional"> {
  return numberField(
    "sum",
    initial,
    (current, delta) => encodeJson(current + delta, "sum").value as number,
    options,
  );
}

/** The smallest number written; undefined before the first one unless there is a default. Never a conflict. */
export function min(): Field<number | undefined, number, "optional">;
export function min(initial: number, options?: NumberFieldOptions): Field<number, number, "optional">;
export function min(
  initial?: number,
  options: NumberFieldOptions = {},
): Field<number | undefined, number, "optional"> {
  return numberField("min", initial, Math.min, options);
}

/** The largest number written; undefined before the first one unless there is a default. Never a conflict. */
export function max(): Field<number | undefined, number, "optional">;
export function max(initial: number, options?: NumberFieldOptions): Field<number, number, "optional">;
export function max(
  initial?: number,
  options: NumberFieldOptions = {},
): Field<number | undefined, number, "optional"> {
  return numberField("max", initial, Math.max, options);
}

function numberField<Value extends number | undefined>(
  kind: "sum" | "min" | "max",
  initial: Value,
  fold: (current: number, delta: number) => number,
  { schema }: NumberFieldOptions,
): Field<Value, number, "optional"> {
  return Object.freeze({
    kind,
    presence: "optional",
    initial: initial === undefined ? undefined : encodeJson(initial, "default").value,
    reducerId: kind,
    ...(schema === undefined ? {} : { schema }),
    conflicts: "never",
    reduce: (current: Json | undefined, delta: Json): Json =>
      current === undefined ? delta : fold(current as number, delta as number),
    encode: (plain: Value | number): unknown => plain,
    decode: (json: Json): Value => json as Value,
  } as const);
}
