import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  migrateSqlite,
  readSqliteApplied,
  readSqliteVersion,
  sqliteMigrations,
} from "../../packages/store/src/migrations/migrate-sqlite.ts";
import { digest, type MigrationKind, ProcessEnded, recordTables, untilEnded } from "./migration-database.ts";

/** Migrations of SQLite files. */
export const sqliteMigrationKind: MigrationKind = {
  key: "sqlite",
  name: "SQLite",
  service: undefined,
  migrations: sqliteMigrations,
  stride: 1,
  async create() {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-migrations-"));
    const path = join(folder, "store.db");
    const connected = async <T>(work: (db: DatabaseSync) => T | Promise<T>): Promise<T> => {
      const db = new DatabaseSync(path);
      try {
        return await work(db);
      } finally {
        if (db.isOpen) db.close();
      }
    };
    return {
      url: `sqlite:${path}`,
      migrate: (target) => connected((db) => migrateSqlite(db, target)),
      migrateUntil: (target, statements) =>
        connected((db) => untilEnded(() => migrateSqlite(endingAfter(db, statements), target))),
      version: () => connected(readSqliteVersion),
      applied: () => connected(readSqliteApplied),
      schema: () => connected(describeSqlite),
      rows: () => connected(rowsOf),
      execute: (statement) => connected((db) => db.exec(statement)),
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

// A file that is closed in a transaction is what a process leaves that ends: nothing of it was committed.
function endingAfter(db: DatabaseSync, statements: number): DatabaseSync {
  let left = statements;
  const count = (): void => {
    if (left-- > 0) return;
    if (db.isOpen) db.close();
    throw new ProcessEnded();
  };
  return new Proxy(db, {
    get(target, key) {
      if (key === "isTransaction") return target.isOpen && target.isTransaction;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        if (key === "exec" || key === "prepare") count();
        return value.apply(target, given);
      };
    },
  });
}

function describeSqlite(db: DatabaseSync): readonly string[] {
  const lines: string[] = [];
  const objects = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema").all();
  for (const { type, name, tbl_name, sql } of objects) {
    // SQLite keeps its own table of AUTOINCREMENT once one was made.
    if (name === "sqlite_sequence") continue;
    lines.push(JSON.stringify([type, name, tbl_name, sql]));
    if (type === "table") {
      for (const column of db.prepare(`PRAGMA table_xinfo(${name})`).all())
        lines.push(JSON.stringify([name, column]));
      for (const index of db.prepare(`PRAGMA index_list(${name})`).all()) {
        const columns = db.prepare(`PRAGMA index_xinfo(${index["name"]})`).all();
        lines.push(JSON.stringify([name, index["name"], index["unique"], index["partial"], columns]));
      }
    }
  }
  return lines.sort();
}

function rowsOf(db: DatabaseSync): Record<string, string> {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'af\\_%' ESCAPE '\\'")
    .all();
  const names = tables.map(({ name }) => String(name)).filter((name) => !recordTables.has(name));
  return Object.fromEntries(
    names.map((name) => {
      return [name, digest(db.prepare(`SELECT * FROM ${name}`).all())];
    }),
  );
}
