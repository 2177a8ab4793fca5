import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

test("the analytics example generates a dataset, tests it, tells growth by region, and draws it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "example-analytics-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, "5000"], {
      cwd: folder,
    });
    assert.match(stdout, /^\d+ tests of the dataset, 0 failed\n/);
    assert.match(stdout, /^Europe 2022 \d+\.\d+ -?\d+\.\d %$/m);
    assert.match(stdout, /^9 files read, 27 skipped$/m);
    assert.match(stdout, /^Europe +year 2021 +[█▏▎▍▌▋▊▉]+ [\d.]+ k\n +year 2022/m);
    assert.match(stdout, /^data\/revenue\.html, from the rollup months$/m);
    const page = await readFile(join(folder, "data/revenue.html"), "utf8");
    assert.equal(page.match(/<svg /g)?.length, 2);
    assert.match(stderr, /^5000 rows, \d+ a second, 0\.0 s left$/m);
  } finally {
    await rm(folder, { recursive: true });
  }
});
