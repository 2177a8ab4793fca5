export { openMemory } from "./memory/open-memory.ts";
export { openSqlite, type SqliteDurability, type SqliteOptions } from "./sqlite/open-sqlite.ts";
