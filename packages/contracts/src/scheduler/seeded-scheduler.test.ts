import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../fake-clock.ts";
import { SeededScheduler } from "./seeded-scheduler.ts";

async function orderOf(seed: string): Promise<string> {
  const scheduler = new SeededScheduler(seed);
  const order: string[] = [];
  const line = async (name: string): Promise<void> => {
    for (let index = 0; index < 3; index++) {
      await scheduler.point(`${name}${index}`);
      order.push(`${name}${index}`);
    }
  };
  await scheduler.drive(Promise.all([line("a"), line("b"), line("c")]));
  return order.join(" ");
}

test("the same seed releases the points in the same order", async () => {
  assert.equal(await orderOf("7"), await orderOf("7"));
});

test("different seeds explore different orders", async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 50; seed++) orders.add(await orderOf(String(seed)));
  assert.ok(orders.size >= 30, `${orders.size} of 50 orders differ`);
});

test("points of one line keep their order whatever the seed", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const order = (await orderOf(String(seed))).split(" ").filter((name) => name.startsWith("b"));
    assert.deepEqual(order, ["b0", "b1", "b2"]);
  }
});

test("idle timers fire only when no point waits", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const clock = new FakeClock();
    const scheduler = new SeededScheduler(String(seed), { clock });
    const order: string[] = [];
    const slept = new Promise<void>((resolve) => clock.setTimer(5, resolve)).then(() => order.push("timer"));
    const lines = ["a", "b"].map((name) => scheduler.point(name).then(() => order.push(name)));
    await scheduler.drive(Promise.all([slept, ...lines]));
    assert.equal(order.at(-1), "timer");
  }
});

test("with timers at any time a timer comes before a waiting point for some seed and after it for another", async () => {
  const firsts = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const clock = new FakeClock();
    const scheduler = new SeededScheduler(String(seed), { clock, timers: "any" });
    const order: string[] = [];
    const slept = new Promise<void>((resolve) => clock.setTimer(5, resolve)).then(() => order.push("timer"));
    const line = scheduler.point("point").then(() => order.push("point"));
    await scheduler.drive(Promise.all([slept, line]));
    firsts.add(order[0] ?? "");
  }
  assert.deepEqual([...firsts].sort(), ["point", "timer"]);
});

test("work that nothing can end is an error and not a hang", async () => {
  const clock = new FakeClock();
  clock.setTimer(2_000, () => undefined, { background: true });
  const scheduler = new SeededScheduler("1", { clock });
  const work = scheduler.point("only").then(() => new Promise(() => undefined));
  await assert.rejects(scheduler.drive(work), {
    code: "AF_NO_PROGRESS",
    context: { released: 1, last: ["only"] },
  });
});

test("work that takes many turns of the event loop without a point is not taken for stuck", async () => {
  let turns = 0;
  const work = async (): Promise<void> => {
    while (turns++ < 200) await new Promise((resolve) => setImmediate(resolve));
  };
  await new SeededScheduler("1").drive(work());
  assert.equal(turns, 201);
});

test("the work's own failure is what drive rejects with", async () => {
  const scheduler = new SeededScheduler("1");
  const work = scheduler.point("only").then(() => Promise.reject(new RangeError("broken")));
  await assert.rejects(scheduler.drive(work), new RangeError("broken"));
});

test("a steady scheduler gives one order for a seed, however long things take between the points", async () => {
  const orders = new Set<string>();
  for (const turns of [0, 1, 7]) {
    const scheduler = new SeededScheduler("4", { isSteady: true });
    const chain = async (name: string): Promise<void> => {
      for (let index = 0; index < 4; index++) {
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        await scheduler.point(`${name}${index}`);
      }
    };
    await scheduler.drive(Promise.all([chain("a"), chain("b"), chain("c")]));
    orders.add(scheduler.released.join(" "));
  }
  assert.equal(orders.size, 1, [...orders].join(", "));
  assert.notEqual([...orders][0], "a0 b0 c0 a1 b1 c1 a2 b2 c2 a3 b3 c3");
});
