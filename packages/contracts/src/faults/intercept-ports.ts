import type { ArtifactStore, Emitter, ResponseCache } from "@agentflow/core";
import type { Interceptor } from "./intercept-backend.ts";

/** An emitter whose record events go through `pass` as "emit"; live events are dropped, as they may be (S6). */
export function interceptEmitter(emitter: Emitter, pass: Interceptor): Emitter {
  return {
    name: emitter.name,
    emit: (events) => pass("emit", () => emitter.emit(events)),
    flush: async () => emitter.flush?.(),
  };
}

/** An artifact store whose calls go through `pass` as "artifact.put", "artifact.get" and "artifact.has". */
export function interceptArtifacts(artifacts: ArtifactStore, pass: Interceptor): ArtifactStore {
  return {
    put: async (tenant, bytes) => pass("artifact.put", () => artifacts.put(tenant, bytes)),
    get: async (tenant, sha256) => pass("artifact.get", () => artifacts.get(tenant, sha256)),
    has: async (tenant, sha256) => pass("artifact.has", () => artifacts.has(tenant, sha256)),
  };
}

/** A response cache whose calls go through `pass` as "cache.get" and "cache.put". */
export function interceptCache(cache: ResponseCache, pass: Interceptor): ResponseCache {
  return {
    get: async (scope, key) => pass("cache.get", () => cache.get(scope, key)),
    put: async (scope, key, json) => pass("cache.put", () => cache.put(scope, key, json)),
  };
}
