import { dataOf, type Json, type RecordEvent } from "@agentflow/core";

/** SHA-256 of the blobs that an event refers to: fields of a delta or state, a journal value, a large input (S17). */
export function referencedBlobs(event: RecordEvent): readonly string[] {
  const { refs, ref, value, input } = dataOf<{
    refs?: Record<string, string>;
    ref?: boolean;
    value: Json;
    input?: Json;
  }>(event);
  const hashes = refs === undefined ? [] : Object.values(refs);
  if (ref === true) hashes.push(value as string);
  if (event.type === "run.started" && typeof input === "string" && input.startsWith("#"))
    hashes.push(input.slice(1));
  return hashes;
}
