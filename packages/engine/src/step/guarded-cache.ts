import type { ResponseCache } from "@agentflow/core";

/**
 * A cache that never fails (RUN-20): what it cannot read, or holds and is no JSON, is a miss; what it cannot write is not
 * kept. `report` hears of both.
 */
export function guardedCache(cache: ResponseCache, report: (error: unknown) => void): ResponseCache {
  return {
    async get(scope, key) {
      try {
        const json = await cache.get(scope, key);
        if (json !== undefined) JSON.parse(json);
        return json;
      } catch (error) {
        report(error);
        return undefined;
      }
    },
    async put(scope, key, json) {
      try {
        await cache.put(scope, key, json);
      } catch (error) {
        report(error);
      }
    },
  };
}
