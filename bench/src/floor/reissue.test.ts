import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { recordSqlite } from "./record-sqlite.ts";
import { prepareReissue } from "./reissue.ts";
import { nowMs, splitCalls } from "./statement-log.ts";

test("what was recorded is issued again in the same order, with the bytes of the moment of the call", async () => {
  const directory = mkdtempSync(join(tmpdir(), "floor-"));
  try {
    const calls = recordSqlite(directory);
    const original = new DatabaseSync(join(directory, "original.db"));
    original.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)");
    const insert = original.prepare("INSERT INTO t (body) VALUES (?)");
    const measuredAt = nowMs();
    const buffer = new Uint8Array([1]);
    original.exec("BEGIN");
    insert.run(buffer);
    buffer[0] = 2;
    insert.run(buffer);
    original.exec("COMMIT");
    const select = original.prepare("SELECT body FROM t WHERE id = $id");
    select.setReturnArrays(true);
    assert.deepEqual(select.get({ $id: 1 }), [new Uint8Array([1])]);
    original.prepare("UPDATE t SET body = $body WHERE id = $id").run({ $body: buffer, $id: 2 });
    const log = { store: "sqlite" as const, ...splitCalls([...calls].reverse(), measuredAt) };
    assert.equal(log.setup.length, 1);
    assert.deepEqual(
      log.measured.map(({ kind, arrays }) => `${kind}${arrays ? " arrays" : ""}`),
      ["exec", "run", "run", "exec", "get arrays", "run"],
    );
    const before = original.prepare("SELECT id, body FROM t").all();
    original.close();

    const reissue = await prepareReissue(log, directory);
    await reissue.measured();
    await reissue.close();
    const copy = new DatabaseSync(join(directory, "floor.db"));
    assert.deepEqual(copy.prepare("SELECT id, body FROM t").all(), before);
    copy.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
