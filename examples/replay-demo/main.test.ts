import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the demo runs, replays and names the divergence", async () => {
  const folder = await mkdtemp(join(tmpdir(), "replay-"));
  try {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    assert.deepEqual(stdout.split("\n").slice(1), [
      "the same code: 5 steps replay to the same bytes",
      "changed code: diverges at 2.total, in delta.text",
      '  expected "3 lines, 920 cents"',
      '  actual   "3 lines, 950 cents"',
      "",
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
