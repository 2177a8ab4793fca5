import { canonicalJson } from "../encoding/canonical-json.ts";
import { sha256Hex } from "../encoding/sha256.ts";

/** What a commit's idempotency key covers; `deltaJson` is the canonical JSON of the delta, as encodeJson gives it. */
export interface CommitIdentity {
  readonly runId: string;
  readonly stepId: string;
  readonly orderKey: string;
  readonly deltaJson: string;
}

/**
 * Tells a repeated commit from a violation (S4): SHA-256 of the canonical JSON of `[runId, stepId, orderKey, delta]`.
 */
export function commitIdempotencyKey(identity: CommitIdentity): string {
  const { runId, stepId, orderKey, deltaJson } = identity;
  // Step ids and order keys hold no character that JSON escapes, and the delta is canonical already.
  return sha256Hex(`[${JSON.stringify(runId)},"${stepId}","${orderKey}",${deltaJson}]`);
}

/** What the idempotency key of an io call covers; `nth` counts equal calls of the step from 0 (S8). */
export interface IoIdentity {
  readonly runId: string;
  readonly stepId: string;
  readonly name: string;
  readonly inputHash: string;
  readonly nth: number;
}

/**
 * The key that an io call receives, the same each time that call is repeated (S8): SHA-256 of the canonical JSON of
 * `[runId, stepId, name, inputHash, nth]`.
 */
export function ioIdempotencyKey(identity: IoIdentity): string {
  const { runId, stepId, name, inputHash, nth } = identity;
  return sha256Hex(canonicalJson([runId, stepId, name, inputHash, nth]));
}
