export { openAdministration, type StoreAdministration } from "./administration/store-administration.ts";
export {
  type ArtifactCollection,
  type CollectedArtifacts,
  collectArtifacts,
} from "./artifacts/collect-artifacts.ts";
export { type FileArtifactsOptions, fileArtifacts } from "./artifacts/file-artifacts.ts";
export { memoryArtifacts } from "./artifacts/memory-artifacts.ts";
export type { BackupFile, BackupKind, BackupManifest } from "./backup/backup-manifest.ts";
export {
  type BackupRequest,
  type MadeBackup,
  makeBackup,
  type RestoredBackup,
  type RestoreOptions,
  restoreBackup,
} from "./backup/backup-store.ts";
export { checkBackup } from "./backup/check-backup.ts";
export { cacheDirectories } from "./cache/cache-directories.ts";
export { collectCache } from "./cache/collect-cache.ts";
export { type FileCacheOptions, fileCache } from "./cache/file-cache.ts";
export { type MemoryCacheOptions, memoryCache } from "./cache/memory-cache.ts";
export { openMemory } from "./memory/open-memory.ts";
export { type AppliedMigration, type Migration, migrationChecksum } from "./migrations/migration.ts";
export { type MysqlOptions, openMysql } from "./mysql/open-mysql.ts";
export { type OpenStoreOptions, openStore } from "./open-store.ts";
export { parseStoreUrl, type StoreLocation } from "./parse-store-url.ts";
export { openPostgres, type PostgresOptions } from "./postgres/open-postgres.ts";
export { openSqlite, type SqliteDurability, type SqliteOptions } from "./sqlite/open-sqlite.ts";
export type { StoreDurability } from "./store-durability.ts";
