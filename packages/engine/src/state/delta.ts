import { type BlobRow, encodeJson, type Json, sha256Hex, ValidationError } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";

/** Values whose JSON is at least this long are kept once per run under their hash (S17). */
export const blobThreshold = 4096;

/** A delta in its stored and its decoded form. */
export interface EncodedDelta {
  /** Canonical JSON of the fields that are kept in the row. */
  readonly json: string;
  /** Fields kept as blobs: field to hash. */
  readonly refs: Readonly<Record<string, string>> | undefined;
  readonly blobs: readonly BlobRow[];
  /** Encoded, frozen value per field. */
  readonly values: Readonly<Record<string, Json>>;
  readonly sizeBytes: number;
}

const nothing: EncodedDelta = Object.freeze({
  json: "{}",
  refs: undefined,
  blobs: Object.freeze([]),
  values: Object.freeze({}),
  sizeBytes: 2,
});

/**
 * Encodes what a node returned (S17): unknown fields, values that are no JSON and values their schema refuses are
 * ValidationErrors that name step and field. Values in `encoded` form went through their codecs before.
 */
export function encodeDelta(
  delta: unknown,
  workflow: CompiledWorkflow,
  where: string,
  form: "plain" | "encoded" = "plain",
): EncodedDelta {
  if (delta === undefined || delta === null) return nothing;
  if (!isPlainObject(delta)) throw notADelta(delta, where);
  const names = Object.keys(delta);
  if (names.length === 0) return nothing;
  if (names.length > 1) names.sort();
  const values: Record<string, Json> = {};
  let blobs: BlobRow[] | undefined;
  let sizeBytes = 2;
  let refs: Record<string, string> | undefined;
  let json = "";
  for (const name of names) {
    const given = delta[name];
    if (given === undefined) continue;
    const encoded = encodeField(name, given, { workflow, where, form });
    values[name] = encoded.value;
    sizeBytes += encoded.json.length;
    if (encoded.json.length < blobThreshold) {
      const key = workflow.jsonKeys.get(name) as string;
      json = json === "" ? key + encoded.json : `${json},${key}${encoded.json}`;
      sizeBytes += key.length;
    } else {
      const hash = sha256Hex(encoded.json);
      refs = { ...refs, [name]: hash };
      blobs ??= [];
      blobs.push({ hash, json: encoded.json });
    }
  }
  return { json: `{${json}}`, refs, blobs: blobs ?? nothing.blobs, values, sizeBytes };
}

function encodeField(
  name: string,
  given: unknown,
  by: { readonly workflow: CompiledWorkflow; readonly where: string; readonly form: "plain" | "encoded" },
): { json: string; value: Json } {
  const { workflow, where } = by;
  const field = workflow.fieldByName.get(name);
  if (field === undefined) {
    const known = [...workflow.fieldByName.keys()].join(", ");
    throw new ValidationError(
      "AF_DELTA_INVALID",
      `${where} returned the field "${name}", which the state of "${workflow.model.name}" does not declare.`,
      {
        hint: `Declare it in \`state\` or leave it out. Declared fields: ${known}.`,
        context: { where, field: name },
      },
    );
  }
  const encoded = encodeJson(
    by.form === "encoded" ? given : field.encode(given as never),
    `${where}: ${name}`,
  );
  checkShape(field.kind, encoded.value, name, where);
  return encoded;
}

function checkShape(kind: string, value: Json, name: string, where: string): void {
  const wanted = shapeOf[kind];
  if (wanted === undefined || wanted.accepts(value)) return;
  throw new ValidationError(
    "AF_DELTA_INVALID",
    `${where} returned ${wanted.wrong} for the ${kind} field "${name}".`,
    {
      hint: `Return ${wanted.right}.`,
      context: { where, field: name },
    },
  );
}

const isList = (value: Json): boolean => Array.isArray(value);
const isNumber = (value: Json): boolean => typeof value === "number";
const isObject = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = { accepts: isList, wrong: "something that is no list", right: "a list of the items to add" };
const number = { accepts: isNumber, wrong: "something that is no number", right: "a number" };

const shapeOf: Readonly<Record<string, { accepts: (value: Json) => boolean; wrong: string; right: string }>> =
  {
    append: list,
    union: list,
    sum: number,
    merge: { accepts: isObject, wrong: "something that is no object", right: "an object of the keys to set" },
  };

/** An instance of a class may hold what its own properties do not show: a Map, an Error. */
function isPlainObject(delta: unknown): delta is Readonly<Record<string, unknown>> {
  if (typeof delta !== "object" || delta === null) return false;
  const prototype: unknown = Object.getPrototypeOf(delta);
  return prototype === Object.prototype || prototype === null;
}

function notADelta(delta: unknown, where: string): ValidationError {
  const found = Array.isArray(delta)
    ? "a list"
    : typeof delta === "object"
      ? "an instance of a class"
      : `a ${typeof delta}`;
  return new ValidationError("AF_DELTA_INVALID", `${where} returned ${found} instead of a delta.`, {
    hint: "Return an object with the fields to change, `goto(...)`, or nothing.",
    context: { where },
  });
}
