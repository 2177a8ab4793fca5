import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrateSqlite, readSqliteVersion } from "./migrate-sqlite.ts";

function schemaOf(db: DatabaseSync): string[] {
  const rows = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all();
  // SQLite keeps its own table of AUTOINCREMENT once one was made.
  return rows.filter(({ name }) => name !== "sqlite_sequence").map((row) => JSON.stringify(row));
}

test("migrating again changes nothing", () => {
  const db = new DatabaseSync(":memory:");
  migrateSqlite(db);
  const before = schemaOf(db);
  db.exec("INSERT INTO af_owners VALUES ('owner-1', 'host', 1, '1', 0)");
  migrateSqlite(db);
  assert.deepEqual(schemaOf(db), before);
  assert.equal(db.prepare("SELECT count(*) AS owners FROM af_owners").get()?.["owners"], 1);
  db.close();
});

test("a migration that fails leaves the schema before it", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE af_steps (mine TEXT)");
  const before = schemaOf(db);
  assert.throws(() => migrateSqlite(db));
  assert.deepEqual(schemaOf(db), before);
  assert.equal(readSqliteVersion(db), 0);
  db.close();
});

test("a database of another program keeps its own mark", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("PRAGMA application_id = 7; PRAGMA user_version = 3");
  migrateSqlite(db);
  assert.equal(db.prepare("PRAGMA application_id").get()?.["application_id"], 7);
  assert.equal(db.prepare("PRAGMA user_version").get()?.["user_version"], 3);
  db.close();
});
