import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("the program makes the schedule, sends a digest ahead of time, and can be started again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "digest-main-"));
  try {
    const program = fileURLToPath(new URL("main.ts", import.meta.url));
    for (let time = 0; time < 2; time++) {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
      assert.match(
        stdout,
        /^Notes of \d{4}-\d\d-\d\d\n- Spring tide at noon\n- Two visitors on the stairs\n/,
      );
      assert.match(stderr, /by itself at 20\S+T0[56]:00:00.000Z/);
    }
    assert.equal((await readdir(join(folder, "outbox"))).length, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
