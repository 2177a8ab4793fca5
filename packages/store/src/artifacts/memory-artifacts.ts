import { ArtifactNotFoundError, type ArtifactStore, sha256Hex } from "@agentflow/core";

/** Artifact contents in memory: for tests and for runs that need not survive. */
export function memoryArtifacts(): ArtifactStore {
  const contents = new Map<string, Uint8Array>();
  const keyOf = (tenant: string, sha256: string): string => JSON.stringify([tenant, sha256]);
  return {
    put: async (tenant, bytes) => {
      const sha256 = sha256Hex(bytes);
      const key = keyOf(tenant, sha256);
      if (!contents.has(key)) contents.set(key, Uint8Array.from(bytes));
      return { sha256, sizeBytes: bytes.byteLength };
    },
    get: async (tenant, sha256) => {
      const bytes = contents.get(keyOf(tenant, sha256));
      if (bytes !== undefined) return Uint8Array.from(bytes);
      throw new ArtifactNotFoundError(`There is no content ${sha256.slice(0, 16)} in memory.`, {
        context: { sha256: sha256.slice(0, 64) },
      });
    },
    has: async (tenant, sha256) => contents.has(keyOf(tenant, sha256)),
  };
}
