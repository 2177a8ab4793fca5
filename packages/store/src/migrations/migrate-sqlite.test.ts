import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { InvariantError, StoreNewerError } from "@agentflow/core";
import { migrateSqlite, readSqliteVersion, sqliteMigrations, sqliteSchemaVersion } from "./migrate-sqlite.ts";

function schemaOf(db: DatabaseSync): string[] {
  const rows = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all();
  // SQLite keeps its own table of AUTOINCREMENT once one was made.
  return rows.filter(({ name }) => name !== "sqlite_sequence").map((row) => JSON.stringify(row));
}

test("the schema after up, down and up is the schema after up", () => {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE payments (id TEXT)");
  const before = schemaOf(db);
  migrateSqlite(db);
  const after = schemaOf(db);
  assert.ok(after.length > before.length);
  db.exec("INSERT INTO af_owners VALUES ('owner-1', 'host', 1, '1', 0)");
  for (let version = sqliteSchemaVersion - 1; version >= 0; version--) {
    migrateSqlite(db, version);
    assert.equal(readSqliteVersion(db), version);
  }
  assert.deepEqual(schemaOf(db), before);
  migrateSqlite(db);
  assert.deepEqual(schemaOf(db), after);
  assert.equal(readSqliteVersion(db), sqliteSchemaVersion);
  db.close();
});

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

test("every migration has a name of its own, the next version and a way back", () => {
  for (const [index, migration] of sqliteMigrations.entries()) {
    assert.equal(migration.version, index + 1);
    assert.match(migration.name, /^[a-z][a-z-]*$/);
    assert.ok(migration.up.length > 0 && migration.down.length > 0);
  }
  const names = sqliteMigrations.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test("a newer schema is refused and left as it is", () => {
  const db = new DatabaseSync(":memory:");
  migrateSqlite(db);
  db.exec("UPDATE af_meta SET value = 99 WHERE key = 'schema'");
  const before = schemaOf(db);
  assert.throws(
    () => migrateSqlite(db),
    (error) => error instanceof StoreNewerError && error.context["version"] === 99,
  );
  assert.equal(db.isTransaction, false);
  assert.deepEqual(schemaOf(db), before);
  assert.throws(() => migrateSqlite(db, sqliteSchemaVersion + 1), InvariantError);
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
