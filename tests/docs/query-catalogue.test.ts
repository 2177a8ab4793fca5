import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { patterns } from "@agentflow/analytics";
import { queryCatalogue } from "../../scripts/generate-query-catalogue.ts";

const page = readFileSync(new URL("../../docs/query-catalogue.md", import.meta.url), "utf8");

test("the query catalogue shows the SQL, the plan and the answer that each question has now (OLP-14)", async () => {
  assert.equal(await queryCatalogue(), page, "Run `node scripts/generate-query-catalogue.ts`.");
});

test("the query catalogue has every pattern", () => {
  for (const name of Object.keys(patterns)) assert.ok(page.includes(`The pattern \`${name}\``), name);
});
