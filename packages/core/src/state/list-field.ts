import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";

const emptyList: readonly Json[] = Object.freeze([]);

type FoldItems = (current: readonly Json[], delta: readonly Json[]) => readonly Json[];

/** A field that holds a list and folds lists into it. */
export function listField<T>(
  kind: "append" | "union",
  fold: FoldItems,
  options: Partial<FieldOptions<T, readonly T[]>> = {},
): Field<readonly T[], readonly T[], "optional"> {
  const { codec, schema } = options;
  return Object.freeze({
    kind,
    presence: "optional",
    initial: emptyList,
    reducerId: kind,
    ...(codec === undefined ? {} : { codecId: codec.id }),
    ...(schema === undefined ? {} : { schema }),
    conflicts: "never",
    reduce: (current: Json | undefined, delta: Json): Json =>
      fold((current ?? emptyList) as readonly Json[], delta as readonly Json[]),
    encode:
      codec === undefined
        ? (items: readonly T[]): unknown => items
        : (items: readonly T[]): unknown => items.map((item) => codec.encode(item)),
    decode:
      codec === undefined
        ? (json: Json): readonly T[] => json as readonly T[]
        : (json: Json): readonly T[] => (json as readonly Json[]).map((item) => codec.decode(item)),
  } as const);
}
