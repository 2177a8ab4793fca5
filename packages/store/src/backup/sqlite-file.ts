/** What is done to whole SQLite files. It blocks, so it runs in a thread of its own ({@link inThread}). */
import { backup as copyPages, DatabaseSync } from "node:sqlite";
import { StoreCorruptError, StoreLockedError } from "@agentflow/core";
import { migrateSqlite, readSqliteVersion } from "../migrations/migrate-sqlite.ts";
import { isBusy, sqliteError } from "../sqlite/sqlite-error.ts";
import { checkCounts } from "./database-backup.ts";
import { fencingStatements, runNumberStep } from "./fencing.ts";

/** What a store's file holds. */
export interface SqliteContent {
  readonly schemaVersion: number;
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>;
}

/** Work on whole files, as plain data in and out. */
export interface SqliteFileWork {
  readonly copy: (request: { from: string; to: string }) => Promise<SqliteContent>;
  readonly look: (request: { path: string }) => SqliteContent;
  readonly prepare: (request: {
    path: string;
    tables: SqliteContent["tables"];
    runNumbersFrom: number;
  }) => void;
  readonly lastRunNumber: (request: { path: string }) => number;
  readonly replace: (request: { from: string; to: string }) => Promise<void>;
}

// One step: the copy is of one commit, and no other process's commit makes it begin again.
const allPages = 2_147_483_647;
const lockTimeoutMs = 5_000;

/** The work itself. Throws typed store errors. */
export const sqliteFileWork: SqliteFileWork = {
  /** Copies a file that others may write to meanwhile, and checks the structure of the copy. */
  async copy({ from, to }) {
    const source = open(from, { readOnly: true });
    try {
      await copyPages(source, to, { rate: allPages });
    } catch (error) {
      throw sqliteError(error, from);
    } finally {
      source.close();
    }
    return using(to, {}, (db) => {
      // The copy is a file by itself: without a log beside it.
      db.exec("PRAGMA journal_mode = DELETE");
      checkStructure(db, from);
      return contentOf(db);
    });
  },

  /** What a file holds; nothing where there is no file. */
  look: ({ path }) => using(path, { readOnly: true }, contentOf),

  /**
   * Makes a copied backup a store that can take the place of another (fencing rules 1 to 3), with the newest schema.
   * Throws BackupInvalidError if it does not hold what it should.
   */
  prepare({ path, tables, runNumbersFrom }) {
    using(path, {}, (db) => {
      db.exec("PRAGMA synchronous = FULL");
      checkStructure(db, path);
      checkCounts(tables, contentOf(db).tables);
      db.exec("BEGIN IMMEDIATE");
      for (const statement of fencingStatements((name) => name)) db.exec(statement);
      const next = Math.max(runNumbersFrom, lastRunNumberOf(db)) + runNumberStep;
      db.prepare("DELETE FROM sqlite_sequence WHERE name = 'af_origins'").run();
      db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('af_origins', ?)").run(next);
      db.exec("COMMIT");
      migrateSqlite(db);
    });
  },

  /** The highest number that a run of a file ever had. */
  lastRunNumber: ({ path }) => using(path, { readOnly: true }, lastRunNumberOf),

  /**
   * Puts the pages of one file in the place of another's, in one transaction: who has it open sees the old ones or the
   * new ones. Throws StoreLockedError while another process writes.
   */
  async replace({ from, to }) {
    adaptPageSize(from, to);
    const source = open(from, { readOnly: true });
    try {
      waitForLock(to);
      await copyPages(source, to, { rate: allPages });
    } catch (error) {
      // A lock that is lost again in between is told as an error without a code.
      if ((error as { errcode?: unknown }).errcode === 0)
        throw new StoreLockedError(`${to} is locked by another process.`, { cause: error });
      throw sqliteError(error, to);
    } finally {
      source.close();
    }
  },
};

function open(path: string, options: { readonly readOnly?: boolean }): DatabaseSync {
  try {
    return new DatabaseSync(path, { ...options, timeout: lockTimeoutMs });
  } catch (error) {
    throw sqliteError(error, path);
  }
}

function using<T>(path: string, options: { readonly readOnly?: boolean }, work: (db: DatabaseSync) => T): T {
  const db = open(path, options);
  try {
    return work(db);
  } catch (error) {
    throw sqliteError(error, path);
  } finally {
    db.close();
  }
}

function checkStructure(db: DatabaseSync, path: string): void {
  const found = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (found !== "ok")
    throw new StoreCorruptError(`${path} is damaged: ${String(found)}.`, { context: { path } });
}

function contentOf(db: DatabaseSync): SqliteContent {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all()
    .map(({ name }) => String(name));
  const counts = names.map((name) => {
    const row = db.prepare(`SELECT count(*) AS n FROM "${name.replaceAll('"', '""')}"`).get();
    return [name, Number(row?.["n"])] as const;
  });
  return { schemaVersion: readSqliteVersion(db), tables: Object.fromEntries(counts) };
}

function lastRunNumberOf(db: DatabaseSync): number {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get();
  if (known === undefined) return 0;
  const row = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'af_origins'").get();
  return Number(row?.["seq"] ?? 0);
}

/** Pages of another size do not fit into a file with a write-ahead log. */
function adaptPageSize(from: string, to: string): void {
  const wanted = using(to, {}, (db) => Number(db.prepare("PRAGMA page_size").get()?.["page_size"]));
  using(from, {}, (db) => {
    if (Number(db.prepare("PRAGMA page_size").get()?.["page_size"]) !== wanted)
      db.exec(`PRAGMA page_size = ${wanted}; VACUUM`);
  });
}

function waitForLock(path: string): void {
  using(path, {}, (db) => {
    try {
      db.exec("BEGIN IMMEDIATE; ROLLBACK");
    } catch (error) {
      if (isBusy(error))
        throw new StoreLockedError(`${path} is locked by another process.`, { cause: error });
      throw error;
    }
  });
}
