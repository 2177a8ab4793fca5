import { type BlobRow, canonicalJson, sha256Hex } from "@agentflow/core";
import { blobThreshold } from "./delta.ts";
import type { ScopeState } from "./scope-state.ts";

/** A whole state in its stored form (S23). */
export interface EncodedState {
  /** Canonical JSON of the fields that are kept in the row. */
  readonly json: string;
  /** JSON of the fields kept as blobs, field to hash; undefined if there is none. */
  readonly refs: string | undefined;
  readonly blobs: readonly BlobRow[];
  readonly sizeBytes: number;
}

/** Encodes every field; large ones are kept under their hash, so an unchanged one is not stored again (S17). */
export function encodeState(state: ScopeState): EncodedState {
  const small: Record<string, unknown> = {};
  const refs: Record<string, string> = {};
  const blobs: BlobRow[] = [];
  let sizeBytes = 0;
  for (const [name, value] of Object.entries(state.toJson())) {
    const json = canonicalJson(value);
    sizeBytes += json.length;
    if (json.length < blobThreshold) {
      small[name] = value;
      continue;
    }
    const hash = sha256Hex(json);
    refs[name] = hash;
    blobs.push({ hash, json });
  }
  const json = canonicalJson(small as never);
  return { json, refs: blobs.length === 0 ? undefined : canonicalJson(refs), blobs, sizeBytes };
}
