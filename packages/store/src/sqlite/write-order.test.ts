import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { openSqlite, type SqliteDurability } from "./open-sqlite.ts";

const levels: readonly (readonly [string, SqliteDurability])[] = [
  ["normal", "normal"],
  ["strict", "strict"],
  ["batched", { batchedMs: 2 }],
];
for (const [name, durability] of levels) {
  test(`commits given during a transaction wait their turn (${name})`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-order-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const backend = await openSqlite({ path: join(folder, "agentflow.db"), durability });
    await backend.runs.commit([startCommit(), startCommit({ runId: "run-2" })]);
    const order: string[] = [];
    let other: PromiseLike<unknown> | undefined;
    await backend.runs.transact(
      async (sql) => {
        const commit = backend.runs.commit([stepCommit(2, { runId: "run-2" })]);
        other = Promise.resolve(commit).then(() => order.push("commit"));
        await sql.run("CREATE TABLE payments (cents INTEGER)");
        assert.equal((await backend.runs.readHead("default", "run-2"))?.seq, 1);
        await sql.run("INSERT INTO payments (cents) VALUES (?)", [5]);
        order.push("effect");
        return null;
      },
      () => stepCommit(2),
    );
    await other;
    assert.deepEqual(order, ["effect", "commit"]);
    assert.equal((await backend.runs.readHead("default", "run-2"))?.seq, 2);
    await backend.runs.close();
  });
}
