import { type ArtifactStore, StoreError } from "@agentflow/core";

/**
 * An artifact store whose trouble is not a step's failure: a full or failing disk ends the run in this process, as it
 * does when a commit meets it, and the run can be resumed. `stop` hears of it; the call then never settles (S13).
 */
export function guardedArtifacts(store: ArtifactStore, stop: (error: StoreError) => void): ArtifactStore {
  return {
    async put(tenant, bytes) {
      try {
        return await store.put(tenant, bytes);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        stop(error);
        return new Promise(() => undefined);
      }
    },
    get: (tenant, sha256) => store.get(tenant, sha256),
    has: (tenant, sha256) => store.has(tenant, sha256),
  };
}
