import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { recordStatements } from "./record-statements.ts";
import { prepareReissue } from "./reissue.ts";

test("what was recorded is issued again in the same order, with the bytes of the moment of the call", () => {
  const directory = mkdtempSync(join(tmpdir(), "floor-"));
  try {
    const calls = recordStatements();
    const original = new DatabaseSync(join(directory, "original.db"));
    original.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)");
    const setup = calls.splice(0);
    const insert = original.prepare("INSERT INTO t (body) VALUES (?)");
    const buffer = new Uint8Array([1]);
    original.exec("BEGIN");
    insert.run(buffer);
    buffer[0] = 2;
    insert.run(buffer);
    original.exec("COMMIT");
    original.prepare("UPDATE t SET body = $body WHERE id = $id").run({ $body: buffer, $id: 2 });
    const measured = calls.splice(0);
    const before = original.prepare("SELECT id, body FROM t").all();
    original.close();

    const reissue = prepareReissue({ setup, measured }, directory, "FULL");
    reissue.measured();
    reissue.close();
    const copy = new DatabaseSync(join(directory, "floor-0.db"));
    assert.deepEqual(copy.prepare("SELECT id, body FROM t").all(), before);
    copy.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
