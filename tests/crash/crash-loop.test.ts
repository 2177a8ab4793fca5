import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const program = join(import.meta.dirname, "real/crash-loop.fixture.ts");

for (const death of ["kill", "abort"] as const) {
  test(`a step that takes its process down each time (${death}) fails as a crash loop that names it, and goes on when mended`, (context) => {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-crash-loop-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const start = (how: string, given: string = death) =>
      spawnSync(process.execPath, ["--no-warnings", program, JSON.stringify({ folder, death: given }), how], {
        encoding: "utf8",
        cwd: folder,
      });
    let deaths = 0;
    let last = start("start");
    for (; last.signal !== null && deaths < 20; last = start("resume")) {
      assert.equal(last.stdout, "died\n");
      deaths++;
    }
    assert.equal(last.status, 0, last.stderr);
    const { status, code, message } = JSON.parse(last.stdout);
    assert.deepEqual({ status, code }, { status: "failed", code: "AF_CRASH_LOOP" });
    assert.match(message, /1\.boom/);
    assert.equal(deaths, 1 + 3, "the first process and three recoveries died");

    assert.equal(
      start("resume").stdout,
      "died\n",
      "a resume tries again, and its crash is the first of a new count",
    );
    const mended = start("resume", "none");
    assert.equal(JSON.parse(mended.stdout).status, "succeeded", mended.stderr);
  });
}
