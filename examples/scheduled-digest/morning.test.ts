import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createEngine, type Engine, openBackend } from "agentflow";
import { FakeClock } from "agentflow/contracts";
import { everyMorning } from "./morning.ts";
import { digest } from "./workflow.ts";

const minuteMs = 60_000;

/** A machine whose clock the test moves, with folders of notes and digests. */
async function machine() {
  const folder = await mkdtemp(join(tmpdir(), "digest-"));
  const outbox = join(folder, "outbox");
  // Saturday; in the night of Sunday the clocks of Berlin go from two to three.
  const clock = new FakeClock(Date.UTC(2026, 2, 28, 12));
  const store = await openBackend({ store: "memory:" });
  const open = (): Promise<Engine> => createEngine({ store, clock, workflows: [digest] });
  const statuses = async () =>
    (await store.runs.listRuns({ tenant: "default", limit: 100 })).map(({ runId, status }) => ({
      runId,
      status,
    }));
  /** Lets time pass, and what begins then end. */
  const pass = async (ms: number): Promise<void> => {
    clock.jump(ms - minuteMs);
    for (let left = minuteMs; left > 0; left -= 1_000) await clock.advanceAsync(1_000);
    while ((await statuses()).some(({ status }) => status !== "succeeded")) {
      await clock.advanceAsync(100);
      await setImmediate();
    }
  };
  const runs = async (): Promise<string[]> => (await statuses()).map(({ runId }) => runId).sort();
  const dispose = async (): Promise<void> => {
    await store.runs.close();
    await rm(folder, { recursive: true });
  };
  return { folder, outbox, clock, open, pass, runs, [Symbol.asyncDispose]: dispose };
}

test("one digest each morning at seven, with two servers and without one, and in the night when the clocks change", async () => {
  await using at = await machine();
  for (const day of ["2026-03-28", "2026-03-29", "2026-03-31"])
    await writeFile(join(at.folder, `${day}-note.md`), `Note of ${day}\n`);
  const first = await at.open();
  const second = await at.open();
  const { folder, outbox } = at;
  await everyMorning(first, { folder, outbox });
  await everyMorning(second, { folder, outbox });
  first.serve();
  second.serve();
  const hourMs = 60 * minuteMs;
  await at.pass(16 * hourMs);
  assert.deepEqual(await at.runs(), []);
  await at.pass(1 * hourMs + minuteMs);
  // Seven is six in UTC before, and five after.
  const mornings = ["morning-2026-03-29T050000.000Z", "morning-2026-03-30T050000.000Z"];
  assert.deepEqual(await at.runs(), mornings.slice(0, 1));
  await first.close();
  await at.pass(24 * hourMs);
  assert.deepEqual(await at.runs(), mornings);
  await second.close();

  at.clock.jump(2 * 24 * hourMs);
  await using third = await at.open();
  third.serve();
  await at.pass(5 * minuteMs);
  assert.deepEqual(await at.runs(), [...mornings, "morning-2026-04-01T050000.000Z"]);
  assert.deepEqual((await readdir(at.outbox)).sort(), ["2026-03-28.txt", "2026-03-29.txt", "2026-03-31.txt"]);
  const digestOf = await readFile(join(at.outbox, "2026-03-29.txt"), "utf8");
  assert.equal(digestOf, "Notes of 2026-03-29\n- Note of 2026-03-29\n");
});
