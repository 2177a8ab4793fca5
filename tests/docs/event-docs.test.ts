import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { generate } from "../../scripts/generate-event-docs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

for (const [path, text] of generate()) {
  test(`${path} tells what the table of event types says`, () => {
    const mend = "Run `node scripts/generate-event-docs.ts`.";
    assert.equal(readFileSync(join(root, path), "utf8"), text, mend);
  });
}
