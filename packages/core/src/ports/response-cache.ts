/** Results by key (RUN-20). A miss is never an error; a corrupt entry is a miss. */
export interface ResponseCache {
  /** Canonical JSON of the cached value, or undefined. */
  get(scope: CacheScope, key: string): Promise<string | undefined>;
  put(scope: CacheScope, key: string, json: string): Promise<void>;
}

/** Where a cached value is shared: within one run, or within a tenant. */
export type CacheScope =
  | { readonly kind: "run"; readonly tenant: string; readonly runId: string }
  | { readonly kind: "shared"; readonly tenant: string };
