import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { StoreBackend } from "@agentflow/core";
import { openSqlite, type SqliteDurability } from "@agentflow/store";
import { corpus, describeCase } from "./corpus/corpus.ts";
import { walkTakeOvers } from "./process/take-over.ts";
import { walkCrossings } from "./process/walk-crossings.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-crash-points-"));
const opened: StoreBackend[] = [];
after(async () => {
  for (const { runs } of opened) await runs.close();
  rmSync(folder, { recursive: true });
});

const everyCase = corpus.map((makeCase) => describeCase(makeCase).name);
const levels: readonly (readonly [string, SqliteDurability, readonly string[]])[] = [
  ["normal", "normal", everyCase],
  ["strict", "strict", ["sequence", "ledger"]],
  ["batched", { batchedMs: 1 }, ["sequence", "nested", "retries", "ledger"]],
];

for (const [level, durability, names] of levels) {
  for (const makeCase of corpus) {
    const { name } = describeCase(makeCase);
    if (!names.includes(name)) continue;
    test(`${name}: a process that fails at any moment changes nothing (SQLite, ${level})`, async (context) => {
      const path = join(folder, `${name}-${level}.db`);
      const backend = await openSqlite({ path, durability });
      opened.push(backend);
      let places = 0;
      const { points, failures } = await walkCrossings({
        makeCase,
        kinds: level === "normal" ? ["crashBefore", "crashAfter", "loseAcknowledgement"] : ["crashAfter"],
        nextPlace: () => ({ backend, tenant: `tenant-${places++}` }),
      });
      context.diagnostic(`${points} moments`);
      assert.deepEqual(failures, []);
    });
  }
}

for (const makeCase of corpus) {
  const { name } = describeCase(makeCase);
  if (!["fan-out", "nested", "interrupts", "ledger"].includes(name)) continue;
  for (const second of ["brings it to its end", "has not committed yet"] as const) {
    test(`${name}: a process whose run is taken stops with a typed error, where the taker ${second} (SQLite)`, async (context) => {
      const backend = await openSqlite({ path: join(folder, `${name}-${opened.length}.db`) });
      opened.push(backend);
      let places = 0;
      const { points, failures } = await walkTakeOvers({
        makeCase,
        kinds: ["holdBefore", "holdAfter"],
        nextPlace: () => ({ backend, tenant: `tenant-${places++}` }),
        second,
      });
      context.diagnostic(`${points} moments`);
      assert.deepEqual(failures, []);
    });
  }
}
