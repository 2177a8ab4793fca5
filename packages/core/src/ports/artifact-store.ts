/** Content by SHA-256; names are bound in a step's commit (RUN-30). */
export interface ArtifactStore {
  /** Stores the bytes durably under their hash; storing them again changes nothing. */
  put(tenant: string, bytes: Uint8Array): Promise<{ readonly sha256: string; readonly sizeBytes: number }>;
  /** The bytes; throws ArtifactNotFoundError. */
  get(tenant: string, sha256: string): Promise<Uint8Array>;
  has(tenant: string, sha256: string): Promise<boolean>;
}
