import type { Json } from "../encoding/json.ts";
import { hashOf } from "../encoding/sha256.ts";

/** Everything that decides whether a cached result may stand for a call (RUN-20). What does not apply is left out. */
export interface CacheKeyParts {
  readonly tenant: string;
  /** Node and call. */
  readonly step: string;
  readonly inputs: Json;
  /** Version and fingerprint of the workflow. */
  readonly version: string;
  readonly fingerprint: string;
  readonly provider?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  readonly parameters?: Json | undefined;
  /** Version of the code that makes the call. */
  readonly gitVersion?: string | undefined;
}

/** Key of the response cache: SHA-256 of the canonical JSON of all parts by name, null for those left out (RUN-20). */
export function cacheKey(parts: CacheKeyParts): string {
  const { tenant, step, inputs, version, fingerprint } = parts;
  const { provider = null, baseUrl = null, model = null, parameters = null, gitVersion = null } = parts;
  return hashOf({
    baseUrl,
    fingerprint,
    gitVersion,
    inputs,
    model,
    parameters,
    provider,
    step,
    tenant,
    version,
  });
}
