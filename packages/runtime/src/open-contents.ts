import type { ArtifactStore, ResponseCache } from "@agentflow/core";
import type { EngineOptions } from "./engine-options.ts";
import { storeIdentity } from "./open-backend.ts";

/** Opens where the contents of artifacts are kept: the configured folder, or memory. */
export async function openArtifacts({ artifactsDirectory, store }: EngineOptions): Promise<ArtifactStore> {
  const { fileArtifacts, memoryArtifacts } = await import("@agentflow/store");
  return artifactsDirectory === undefined
    ? memoryArtifacts()
    : fileArtifacts({ directory: artifactsDirectory, user: storeIdentity(store) });
}

/** Opens the cache of results: files where there are folders for them, or memory (RUN-20). */
export async function openCache(options: EngineOptions): Promise<ResponseCache> {
  const { runsDirectory, cacheDirectory, cacheSizeBytes, onEmitterError } = options;
  const { cacheDirectories, fileCache, memoryCache } = await import("@agentflow/store");
  if (runsDirectory === undefined && cacheDirectory === undefined) return memoryCache();
  return fileCache({
    directoryOf: cacheDirectories({ runsDirectory, cacheDirectory }),
    onError: (error) => onEmitterError?.("cache", error),
    ...(cacheSizeBytes === undefined ? {} : { sizeBytesMax: cacheSizeBytes }),
  });
}
