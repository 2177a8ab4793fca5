import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ConfigError, StoreInUseError, ValidationError, value, workflow } from "@agentflow/core";
import { createEngine } from "./create-engine.ts";
import { migrateStore, migrationStatus } from "./migrate-store.ts";
import { openBackend } from "./open-backend.ts";

const greet = workflow("greet", { version: "1", state: { name: value<string>() } })
  .start("greet", () => ({}))
  .end("greet");

function temporaryStore(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-migrate-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, "store.db")}`;
}

test("the status of a store that does not exist is that everything is pending, and nothing is made", async (context) => {
  const store = temporaryStore(context);
  const status = await migrationStatus({ store });
  assert.equal(status.version, 0);
  assert.deepEqual(new Set(status.migrations.map((each) => each.status)), new Set(["pending"]));
  assert.equal(existsSync(store.slice("sqlite:".length)), false);
  assert.equal((await migrateStore({ store }, { to: 0 })).to, 0);
  assert.equal(existsSync(store.slice("sqlite:".length)), false);
});

test("up makes the newest schema, down takes it back, and the status tells time and checksum", async (context) => {
  const store = temporaryStore(context);
  const up = await migrateStore({ store });
  const { newest } = await migrationStatus({ store });
  assert.deepEqual([up.from, up.to], [0, newest]);
  const { version, migrations } = await migrationStatus({ store });
  assert.equal(version, newest);
  for (const { status, checksum, appliedAt = 0, loses, reversible } of migrations.slice(0, 1)) {
    assert.deepEqual([status, reversible], ["applied", true]);
    assert.match(checksum, /^[0-9a-f]{64}$/);
    assert.ok(Math.abs(Date.now() - appliedAt) < 60_000);
    assert.match(loses ?? "", /every run/);
  }
  assert.deepEqual((await migrateStore({ store }, { to: 0 })).from, newest);
  assert.equal((await migrationStatus({ store })).version, 0);
});

test("a store is not taken back while an engine that is alive is registered with it", async (context) => {
  const store = temporaryStore(context);
  {
    await using engine = await createEngine({ store });
    await (await engine.start(greet, { name: "x" })).result();
    await assert.rejects(migrateStore({ store }, { to: 0 }), StoreInUseError);
    assert.equal((await migrationStatus({ store })).runs, 1);
  }
  await migrateStore({ store }, { to: 0 });
  assert.equal((await migrationStatus({ store })).runs, 0);
});

test("a version that does not exist, a store in memory and an opened back end are refused", async (context) => {
  const store = temporaryStore(context);
  for (const to of [-1, 1.5, 9_999, Number.NaN])
    await assert.rejects(migrateStore({ store }, { to }), ValidationError);
  await assert.rejects(migrationStatus({ store: "memory:" }), ConfigError);
  const opened = await openBackend({ store });
  await assert.rejects(migrationStatus({ store: opened }), ConfigError);
  await opened.runs.close();
});
