import type { CacheScope, ResponseCache } from "@agentflow/core";

/** Options of a cache in memory. */
export interface MemoryCacheOptions {
  /** Characters of JSON that it may hold. Default: 16 Mi. */
  readonly lengthMax?: number;
}

/** Cached results in memory; the least recently used go first when it is full. */
export function memoryCache(options: MemoryCacheOptions = {}): ResponseCache {
  const { lengthMax = 16 * 1024 * 1024 } = options;
  const entries = new Map<string, string>();
  let length = 0;
  const remove = (id: string): void => {
    length -= entries.get(id)?.length ?? 0;
    entries.delete(id);
  };
  return {
    get: async (scope, key) => {
      const id = idOf(scope, key);
      const json = entries.get(id);
      if (json === undefined) return undefined;
      entries.delete(id);
      entries.set(id, json);
      return json;
    },
    put: async (scope, key, json) => {
      const id = idOf(scope, key);
      remove(id);
      if (json.length > lengthMax) return;
      entries.set(id, json);
      length += json.length;
      for (const oldest of entries.keys()) {
        if (length <= lengthMax) break;
        remove(oldest);
      }
    },
  };
}

function idOf(scope: CacheScope, key: string): string {
  return JSON.stringify([scope.tenant, scope.kind === "run" ? scope.runId : null, key]);
}
