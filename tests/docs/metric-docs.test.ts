import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { metricsPage, metricsPagePath } from "../../scripts/generate-metric-docs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test(`${metricsPagePath} tells what the catalogue of metrics says`, () => {
  const mend = "Run `node scripts/generate-metric-docs.ts`.";
  assert.equal(readFileSync(join(root, metricsPagePath), "utf8"), metricsPage(), mend);
});
