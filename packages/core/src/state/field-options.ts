import type { Codec } from "../encoding/codec.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** What a field can be given beside its default; one of the two at least. */
export type FieldOptions<Encoded, Value = Encoded> =
  | { readonly codec: Codec<Encoded>; readonly schema?: StandardSchema<unknown, Value> }
  | { readonly codec?: Codec<Encoded>; readonly schema: StandardSchema<unknown, Value> };

/** True for options and false for a default: a default is JSON, and JSON holds no functions. */
export function isFieldOptions(argument: unknown): boolean {
  if (typeof argument !== "object" || argument === null) return false;
  const { codec, schema } = argument as { codec?: unknown; schema?: unknown };
  return isCodec(codec) || isSchema(schema);
}

function isCodec(candidate: unknown): boolean {
  return typeof (candidate as Partial<Codec<unknown>> | null | undefined)?.encode === "function";
}

// Some libraries make their schemas callable, so a function may be a schema.
function isSchema(candidate: unknown): boolean {
  return (
    typeof (candidate as Partial<StandardSchema> | null | undefined)?.["~standard"]?.validate === "function"
  );
}
