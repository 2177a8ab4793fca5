import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigError } from "@agentflow/core";
import { openStore } from "./open-store.ts";

test("a memory URL opens a store that writes nothing", async () => {
  const backend = await openStore("memory:");
  assert.equal(backend.runs.capabilities.durable, false);
  await backend.runs.close();
});

test("a SQLite URL creates the file in a folder that only its user may read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-store-"));
  const path = join(folder, "new", "agentflow.db");
  const backend = await openStore(`sqlite:${path}`);
  assert.equal(backend.runs.capabilities.name, "sqlite");
  assert.ok(existsSync(path));
  if (process.platform !== "win32") assert.equal(statSync(join(folder, "new")).mode & 0o777, 0o700);
  await backend.runs.close();
  rmSync(folder, { recursive: true });
});

test("an unknown URL or durability opens nothing", async () => {
  await assert.rejects(openStore("redis://localhost"), ConfigError);
  await assert.rejects(openStore("sqlite::memory:"), ConfigError);
  await assert.rejects(openStore("sqlite:x.db", { durability: { batchedMs: 0 } }), ConfigError);
  assert.equal(existsSync("x.db"), false);
});
