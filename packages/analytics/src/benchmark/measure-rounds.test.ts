import assert from "node:assert/strict";
import { test } from "node:test";
import { collectGarbage } from "./collect-garbage.ts";
import { measureRounds } from "./measure-rounds.ts";

function contender(name: string, log: string[], rows: (round: number) => number) {
  let round = 0;
  return {
    name,
    work: async () => {
      log.push(name);
      return { rows: [{ value: rows(round++) }] };
    },
  };
}

test("contenders work in turn, and garbage is collected before each timed section, never inside one (OLP-24)", async () => {
  const log: string[] = [];
  const contenders = [contender("a", log, () => 1), contender("b", log, () => 2)];
  const measured = await measureRounds(contenders, { rounds: 2, warmups: 1 }, () => log.push("gc"));
  assert.equal(log.join(" "), "gc a gc b gc a gc b gc a gc b");
  assert.deepEqual(
    measured.map(({ name, timing, rows, unsteadyRounds }) => [name, timing.rounds, rows, unsteadyRounds]),
    [
      ["a", 2, [{ value: 1 }], 0],
      ["b", 2, [{ value: 2 }], 0],
    ],
  );
});

test("rounds that give other rows than the first are counted, warm-ups too (OLP-20)", async () => {
  const odd = contender("odd", [], (round) => (round === 2 ? 7 : 1));
  const [measured] = await measureRounds([odd], { rounds: 3, warmups: 1 });
  assert.equal(measured?.unsteadyRounds, 1);
  const late = contender("late", [], (round) => (round === 0 ? 7 : 1));
  const [warm] = await measureRounds([late], { rounds: 3, warmups: 1 });
  assert.equal(warm?.unsteadyRounds, 3);
});

test("work that was measured where it was done counts as measured there", async () => {
  const work = async () => ({ rows: [], sample: { wallMs: 5, cpuMs: 9 } });
  const [measured] = await measureRounds([{ name: "elsewhere", work }], { rounds: 5, warmups: 0 });
  assert.deepEqual(measured?.timing, { rounds: 5, minMs: 5, p50Ms: 5, p95Ms: 5, cpuMs: 9 });
});

test("garbage is collected when asked for, without a flag of the process", async () => {
  let gone = false;
  const registry = new FinalizationRegistry(() => {
    gone = true;
  });
  registry.register({ large: new Array(10) }, "");
  for (let turn = 0; turn < 100 && !gone; turn++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(gone);
});
