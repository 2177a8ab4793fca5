import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { StoreCorruptError } from "@agentflow/core";
import { rewriteLog } from "./rewrite-log.ts";

/** A database whose log holds `rows` commits. */
function logged(context: TestContext, rows: number): { db: DatabaseSync; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-log-"));
  const path = join(folder, "a.db");
  const db = new DatabaseSync(path);
  context.after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n INTEGER, text TEXT)");
  const insert = db.prepare("INSERT INTO t VALUES (?, ?)");
  for (let n = 0; n < rows; n++) insert.run(n, "x".repeat(3_000));
  return { db, path };
}

function overwrite(path: string, bytes: Uint8Array, position: number): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

test("a log that is written over itself keeps every byte, and commits go on behind it", (context) => {
  // More frames than are written at once.
  const { db, path } = logged(context, 400);
  const before = readFileSync(`${path}-wal`);
  rewriteLog(db, path);
  assert.deepEqual(readFileSync(`${path}-wal`), before);
  db.exec("INSERT INTO t VALUES (400, 'more')");
  const other = new DatabaseSync(path);
  assert.equal(other.prepare("SELECT count(*) AS rows FROM t").get()?.["rows"], 401);
  other.close();
});

test("pages that a log has lost are told, and nothing is written over what is left", (context) => {
  const { db, path } = logged(context, 20);
  const middle = Math.floor(readFileSync(`${path}-wal`).length / 2);
  overwrite(`${path}-wal`, new Uint8Array(512), middle);
  const damaged = readFileSync(`${path}-wal`);
  assert.throws(() => rewriteLog(db, path), StoreCorruptError);
  assert.deepEqual(readFileSync(`${path}-wal`), damaged);
});

test("a log that was copied and started over has no more than is in it now", (context) => {
  const { db, path } = logged(context, 50);
  db.exec("PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES (50, 'first of the next log')");
  rewriteLog(db, path);
  assert.equal(db.prepare("SELECT count(*) AS rows FROM t").get()?.["rows"], 51);
});

test("a database without a log needs none", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-log-"));
  const db = new DatabaseSync(join(folder, "a.db"));
  context.after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  rewriteLog(db, join(folder, "a.db"));
});
