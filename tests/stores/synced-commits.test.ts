import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../cli/spawn-af.ts";

const fixture = fileURLToPath(new URL("synced-commits.fixture.ts", import.meta.url));

/** How often the process synced a file, by the phase that it said it was in. */
function syncsByPhase(context: TestContext, own: "normal" | "strict"): Map<string, number> | undefined {
  if (spawnSync("strace", ["-V"]).status !== 0) {
    context.skip("strace is not installed");
    return undefined;
  }
  const folder = temporaryFolder(context);
  const log = join(folder, "strace.log");
  const traced = ["-f", "-qq", "-e", "trace=fsync,fdatasync,write", "-o", log];
  const ended = spawnSync("strace", [...traced, process.execPath, fixture, join(folder, "store.db"), own], {
    encoding: "utf8",
  });
  assert.equal(ended.status, 0, ended.stderr);
  const syncs = new Map<string, number>();
  let phase = "opening";
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const begun = /write\(1, "== ([a-z ]+)\\n"/.exec(line)?.[1];
    if (begun !== undefined) {
      phase = begun;
      syncs.set(phase, 0);
    }
    if (/\bf(data)?sync\(/.test(line)) syncs.set(phase, (syncs.get(phase) ?? 0) + 1);
  }
  return syncs;
}

for (const own of ["normal", "strict"] as const) {
  test(`commits are synced as each asks for in a SQLite store opened as ${own} (S5)`, (context) => {
    const syncs = syncsByPhase(context, own);
    if (syncs === undefined) return;
    const phases = Object.fromEntries(syncs);
    const synced = (phase: string) => phases[phase] ?? assert.fail(`no phase ${phase}`);
    for (const phase of ["commits normal", "transaction normal", "inbox normal"])
      assert.equal(synced(phase), 0, `${phase}: ${JSON.stringify(phases)}`);
    assert.equal(synced("commits strict"), 5, JSON.stringify(phases));
    assert.equal(synced("commits batched"), 5, JSON.stringify(phases));
    assert.equal(synced("own"), own === "strict" ? 1 : 0, JSON.stringify(phases));
    for (const phase of ["together", "transaction strict", "inbox strict"])
      assert.equal(synced(phase), 1, `${phase}: ${JSON.stringify(phases)}`);
    // The process that has the run goes on with it at once: taking it is synced too.
    assert.ok(synced("signal of a strict run") > 0, JSON.stringify(phases));
    assert.ok(synced("the rest of a strict run") > 0, JSON.stringify(phases));
  });
}
