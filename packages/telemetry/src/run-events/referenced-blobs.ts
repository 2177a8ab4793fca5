import { dataOf, type Json, type RecordEvent } from "@agentflow/core";

interface Referring {
  readonly refs?: Readonly<Record<string, string>>;
  readonly ref?: boolean;
  readonly value?: Json;
  readonly input?: Json;
}

/** SHA-256 of the blobs that an event refers to: fields of a delta or state, a journal value, a large input (S17). */
export function referencedBlobs(event: RecordEvent): readonly string[] {
  const { refs, ref, value, input } = dataOf<Referring>(event);
  const hashes = refs === undefined ? [] : Object.values(refs);
  if (ref === true) hashes.push(value as string);
  const inputHash = event.type === "run.started" ? blobReference(input) : undefined;
  return inputHash === undefined ? hashes : [...hashes, inputHash];
}

/** The hash of a large input, for which "#" and the hash of its blob stand; an input is never a text itself. */
export function blobReference(input: Json | undefined): string | undefined {
  return typeof input === "string" && input.startsWith("#") ? input.slice(1) : undefined;
}
