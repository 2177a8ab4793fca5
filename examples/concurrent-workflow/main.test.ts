import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the example prints what its manual shows", async () => {
  const folder = await mkdtemp(join(tmpdir(), "concurrent-"));
  try {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    assert.equal(
      stdout,
      "11 pages, 201 bytes, at most 19; imprint 19 bytes\nunder Apache-2.0 and MIT\n/page/7 is missing (status 404)\nnever more than 3 pages at once\n",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
