import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { OwnerRow } from "@agentflow/core";
import {
  hasSqliteTable,
  migrateSqlite,
  readSqliteApplied,
  readSqliteVersion,
  sqliteMigrations,
} from "../migrations/migrate-sqlite.ts";
import { openDatabase, prepareFolder } from "../sqlite/open-database.ts";
import { retryLocked } from "../sqlite/retry-locked.ts";
import { sqliteError } from "../sqlite/sqlite-error.ts";
import { ownerOf, type StoreAdministration } from "./store-administration.ts";

const lockedAfterMs = 5_000;

/** The administration of a SQLite file, which is opened for each question and closed again. */
export function sqliteAdministration(given: string): StoreAdministration {
  const path = resolve(given);
  const read = async <T>(whenMissing: T, work: (db: DatabaseSync) => T): Promise<T> =>
    existsSync(path)
      ? retryLocked(() => using(path, () => new DatabaseSync(path), work), lockedAfterMs)
      : whenMissing;
  return {
    migrations: sqliteMigrations,
    version: () => read(0, readSqliteVersion),
    applied: () => read([], readSqliteApplied),
    async migrate(target) {
      if (target === 0 && !existsSync(path)) return;
      await prepareFolder(path);
      const open = () => openDatabase({ path, synchronous: "FULL" });
      await retryLocked(() => using(path, open, (db) => migrateSqlite(db, target)), lockedAfterMs);
    },
    owners: () => read<readonly OwnerRow[]>([], ownersOf),
    countRuns: () => read(0, countRuns),
    close: async () => undefined,
  };
}

function using<T>(path: string, open: () => DatabaseSync, work: (db: DatabaseSync) => T): T {
  let db: DatabaseSync | undefined;
  try {
    db = open();
    return work(db);
  } catch (error) {
    throw sqliteError(error, path);
  } finally {
    db?.close();
  }
}

function ownersOf(db: DatabaseSync): readonly OwnerRow[] {
  return hasSqliteTable(db, "af_owners") ? db.prepare("SELECT * FROM af_owners").all().map(ownerOf) : [];
}

function countRuns(db: DatabaseSync): number {
  if (!hasSqliteTable(db, "af_runs")) return 0;
  return Number(db.prepare("SELECT count(*) AS runs FROM af_runs").get()?.["runs"]);
}
