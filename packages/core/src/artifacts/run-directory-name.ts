import { sha256Hex } from "../encoding/sha256.ts";

// What every common file system takes as a name, keeps apart without regard to case, and nobody takes for a path.
const plain = /^[a-z0-9][a-z0-9_-]{0,99}$|^[A-Z0-9][A-Z0-9_-]{0,99}$/;

/** The name of a run's directory: the run id, or its SHA-256 where the id cannot safely name a folder everywhere. */
export function runDirectoryName(runId: string): string {
  return plain.test(runId) ? runId : `run-${sha256Hex(runId).slice(0, 40)}`;
}

/** The name of a tenant's directory, by the same rule. */
export function tenantDirectoryName(tenant: string): string {
  return plain.test(tenant) ? tenant : `tenant-${sha256Hex(tenant).slice(0, 40)}`;
}
