import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

test("the analytics example generates a dataset, tests it, and tells growth by region", async () => {
  const folder = await mkdtemp(join(tmpdir(), "example-analytics-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, "5000"], {
      cwd: folder,
    });
    assert.match(stdout, /^\d+ tests of the dataset, 0 failed\n/);
    assert.match(stdout, /^Europe 2022 \d+\.\d+ -?\d+\.\d %$/m);
    assert.match(stdout, /^9 files read, 27 skipped\n$/m);
    assert.match(stderr, /^5000 rows, \d+ a second, 0\.0 s left$/m);
  } finally {
    await rm(folder, { recursive: true });
  }
});
