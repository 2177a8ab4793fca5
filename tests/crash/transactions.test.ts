import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { seededRandom } from "@agentflow/core";
import { KillableProcess } from "./real/killable-process.ts";

const program = join(import.meta.dirname, "real/ledger.fixture.ts");
const kills = 30;
const turns = 3_000;

test(`an effect in the run's own transaction happens once, though its process is killed ${kills} times`, async (context) => {
  const seed = process.env["AF_TEST_SEED"] ?? String(Date.now());
  context.diagnostic(`AF_TEST_SEED=${seed}`);
  const random = seededRandom(seed, "transactions");
  const folder = mkdtempSync(join(tmpdir(), "agentflow-ledger-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const start = () =>
    new KillableProcess(program, { folder, turns }, { NODE_COMPILE_CACHE: join(folder, "compiled") });
  let next = start();
  let atWork = 0;
  for (let killed = 0; killed < kills; killed++) {
    const current = next;
    await current.said("ready");
    next = start();
    current.say("go");
    await killAfter(current, random.integer(1, 25));
    if (countOf(folder) < turns) atWork++;
  }
  context.diagnostic(`${atWork} kills at work`);
  assert.ok(atWork >= kills / 2, "kills hit the run at work: raise its turns");
  await next.said("ready");
  next.say("go");
  const { code } = await next.ended;
  assert.equal(code, 0, next.errors);
  assert.deepEqual(JSON.parse(next.lines.at(-1) ?? ""), { turn: turns, rows: turns });
  const db = new DatabaseSync(join(folder, "agentflow.db"), { readOnly: true });
  const rows = db.prepare("SELECT turn FROM ledger ORDER BY turn").all();
  db.close();
  assert.deepEqual(
    rows.map(({ turn }) => turn),
    rows.map((_row, index) => index),
  );
  assert.equal(rows.length, turns);
});

async function killAfter(process: KillableProcess, lifeMs: number): Promise<void> {
  const timer = setTimeout(() => process.child.kill("SIGKILL"), lifeMs);
  const { code } = await process.ended;
  clearTimeout(timer);
  assert.ok(code === null || code === 0, process.errors);
}

function countOf(folder: string): number {
  const db = new DatabaseSync(join(folder, "agentflow.db"), { readOnly: true });
  try {
    const [table] = db.prepare("SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = 'ledger'").all();
    if (table?.["tables"] === 0) return 0;
    return Number(db.prepare("SELECT COUNT(*) AS entries FROM ledger").get()?.["entries"]);
  } finally {
    db.close();
  }
}
