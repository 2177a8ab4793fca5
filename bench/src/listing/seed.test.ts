import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../packages/store/src/index.ts";
import { listFilters } from "./list-filter.ts";
import { listedStore } from "./listed-store.ts";

test("a seeded store has hits for every filter that asks for some, found by indexes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "listing-"));
  const store = await listedStore("sqlite", folder);
  await store.fill(10_000);
  const backend = await openStore(store.url);
  try {
    for (const filter of listFilters(10_000)) {
      const heads = await backend.runs.listRuns(filter.query);
      assert.equal(heads.length > 0, !filter.name.endsWith(" hit"), filter.name);
      assert.deepEqual(await store.scans(filter), [], filter.name);
      const head = await backend.runs.readHead(filter.query.tenant, heads[0]?.runId ?? "");
      assert.deepEqual(head, heads[0]);
    }
  } finally {
    await backend.runs.close();
    rmSync(folder, { recursive: true });
  }
});
