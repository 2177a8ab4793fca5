import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the demo is killed, goes on, replays, forks and tells the difference", async () => {
  const folder = await mkdtemp(join(tmpdir(), "replay-"));
  try {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    assert.deepEqual(stdout.replace(/^run \S+:/, "run:").split("\n"), [
      "run: killed when two prices are kept",
      "resumed: 3 lines, 920 cents; prices asked: 1",
      "the same code: 5 steps replay to the same bytes",
      "changed code: diverges at 2.total, in delta.text",
      '  expected "3 lines, 920 cents"',
      '  actual   "3 lines, 950 cents"',
      "forked with another total: 3 lines, 1000 cents; prices asked: 0",
      "they part at 2.total, in delta.text",
      '  text: "3 lines, 920 cents" became "3 lines, 1000 cents"',
      "  totalCents: 920 became 1000",
      "",
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
