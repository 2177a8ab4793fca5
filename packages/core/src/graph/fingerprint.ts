import type { Json } from "../encoding/json.ts";
import { hashOf } from "../encoding/sha256.ts";
import type { WorkflowDescription } from "./description.ts";

/** SHA-256 of the canonical description: equal for equal definitions, in whatever order they were declared (S19). */
export function fingerprintOf(description: WorkflowDescription): string {
  return hashOf(description as unknown as Json);
}
