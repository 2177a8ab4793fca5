export { type FileArtifactsOptions, fileArtifacts } from "./artifacts/file-artifacts.ts";
export { memoryArtifacts } from "./artifacts/memory-artifacts.ts";
export { cacheDirectories } from "./cache/cache-directories.ts";
export { type FileCacheOptions, fileCache } from "./cache/file-cache.ts";
export { type MemoryCacheOptions, memoryCache } from "./cache/memory-cache.ts";
export { openMemory } from "./memory/open-memory.ts";
export { type OpenStoreOptions, openStore } from "./open-store.ts";
export { parseStoreUrl, type StoreLocation } from "./parse-store-url.ts";
export { openSqlite, type SqliteDurability, type SqliteOptions } from "./sqlite/open-sqlite.ts";
