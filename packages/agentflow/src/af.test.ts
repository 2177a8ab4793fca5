import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

test("af starts the command line with the compile cache on", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-af-"));
  try {
    const { NODE_COMPILE_CACHE, ...environment } = process.env;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, "af.ts"), "--version"],
      {
        encoding: "utf8",
        env: { ...environment, TMPDIR: folder, TEMP: folder, TMP: folder },
      },
    );
    assert.equal(status, 0, stderr);
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL("../package.json", import.meta.url), "utf8"),
    );
    assert.equal(stdout, `${manifest.version}\n`);
    assert.notDeepEqual(readdirSync(join(folder, "node-compile-cache")), []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
