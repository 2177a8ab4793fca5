import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { append, StoreFullError, sum, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openMemory, openSqlite, type SqliteDurability } from "@agentflow/store";
import { pictureOf } from "@agentflow/testkit";

const turns = 80;
const calls = new Map<string, number>();
const filling = workflow("filling", { version: "1", state: { turn: sum(), texts: append<string>() } })
  .start("turn", async ({ turn }, ctx) => {
    const text = await ctx.io("page", turn, (input) => {
      calls.set(`${ctx.runId} ${input}`, (calls.get(`${ctx.runId} ${input}`) ?? 0) + 1);
      return `page ${input} `.repeat(3_000);
    });
    return { turn: 1, texts: [text.slice(0, 20_000)] };
  })
  .node("shut", {}, () => ({}))
  .route("turn", { to: ["turn", "shut"] }, ({ turn }) => (turn < turns ? "turn" : "shut"))
  .end("shut");

/** A small file system of its own, or undefined, loudly, where mounting is not allowed. */
function mountedFolder(context: TestContext, size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  context.after(() => {
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  if (mounted.status === 0) return folder;
  context.skip("mounting a tmpfs is not allowed here");
  return undefined;
}

const levels: readonly (readonly [string, SqliteDurability])[] = [
  ["normal", "normal"],
  ["strict", "strict"],
  ["batched", { batchedMs: 2 }],
];

for (const [level, durability] of levels) {
  test(`a run that fills the disk stops with a typed error and goes on when there is space (${level})`, async (context) => {
    const folder = mountedFolder(context, "2m");
    if (folder === undefined) return;
    const runId = `filling-${level}`;
    const backend = await openSqlite({ path: join(folder, "agentflow.db"), durability });
    context.after(() => backend.runs.close());
    const engine = await createEngine({ store: backend });
    const run = await engine.start(filling, {}, { id: runId, seed: "seed" });
    await assert.rejects(run.result(), StoreFullError);
    const before = await backend.runs.readHead("default", runId);
    assert.ok(before !== undefined && before.steps > 5 && before.steps < turns, `${before?.steps} steps`);
    await assert.rejects(
      engine.resume(runId, filling).then((resumed) => resumed.result()),
      StoreFullError,
      "there is still no space",
    );
    const remounted = spawnSync("mount", ["-o", "remount,size=64m", folder], { encoding: "utf8" });
    assert.equal(remounted.status, 0, remounted.stderr);
    const resumed = await engine.resume(runId, filling);
    const { turn } = await resumed.result();
    assert.equal(turn, turns);
    await engine.close();

    const memory = openMemory();
    const calm = await createEngine({ store: memory });
    await (await calm.start(filling, {}, { id: "calm", seed: "seed" })).result();
    await calm.close();
    const reference = await pictureOf({ backend: memory, tenant: "default", runId: "calm" });
    assert.deepEqual(await pictureOf({ backend, tenant: "default", runId }), reference);
  });
}
