import assert from "node:assert/strict";
import { test } from "node:test";
import { append, type NodeContext, sum, value, workflow } from "@agentflow/core";
import { sequence } from "../io/scripts.ts";
import { order, packed, shop } from "../run/order.fixture.ts";
import { exploreInterleavings } from "./explore-interleavings.ts";

type Work = (name: string, ctx: NodeContext) => unknown;

/** Four parallel steps after one. */
function parallel(work: Work, conflict?: "lastWriterWins") {
  const state = { log: append<string>(), winner: value(""), total: sum() };
  const node = (name: string) => async (_state: unknown, ctx: NodeContext) =>
    (await work(name, ctx)) as object;
  return workflow("parallel", { version: "1", state, ...(conflict === undefined ? {} : { conflict }) })
    .start("begin", () => ({}))
    .node("a", { after: "begin" }, node("a"))
    .node("b", { after: "begin" }, node("b"))
    .node("c", { after: "begin" }, node("c"))
    .node("d", { after: "begin" }, node("d"))
    .end("a", "b", "c", "d");
}

test("a workflow that keeps to state and ctx is the same in every order, of which there are many (ENG-12)", async () => {
  const steady = parallel((name) => ({ log: [name], winner: name, total: 0.1 }), "lastWriterWins");
  const { runs, orders } = await exploreInterleavings(steady, {}, { runs: 40 });
  assert.equal(runs, 40);
  assert.ok(orders > 20, `${orders} orders`);
});

test("the conflict policy, sleeps, people and events of a workflow may be explored", async () => {
  const options = { io: shop, signals: packed, answers: { approve: true }, runs: 20 };
  const { orders } = await exploreInterleavings(order, { items: ["chandelier", "lamp", "lens"] }, options);
  assert.ok(orders > 5, `${orders} orders`);
});

test("steps that share a variable are found, with the two that are enough and the seed that finds them again", async () => {
  let last = "";
  const shared = parallel((name) => {
    const before = last;
    last = name;
    return { log: name === "b" ? [`b after ${before === "c" ? "c" : "another"}`] : [] };
  });
  const forget = () => {
    last = "";
    return {};
  };
  const found = await exploreInterleavings(shared, {}, { seed: "find", setUp: forget }).catch(
    (error: unknown) => error,
  );
  assert.ok(found instanceof assert.AssertionError, String(found));
  assert.match(found.message, /depends on the order in which parallel work goes on/);
  assert.match(found.message, /state\.log is \["b after c"\] instead of \["b after another"\]/);
  assert.match(found.message, /this comes first: {2}1\.c\n +and then: {2}1\.b\n/);
  const [, runs] = /\{ seed: "find", runs: (\d+) \}/.exec(found.message) ?? [];
  const again = exploreInterleavings(shared, {}, { seed: "find", runs: Number(runs), setUp: forget });
  await assert.rejects(again, { message: found.message });
});

test("a difference that needs more than two in another order is told as the order that makes it", async () => {
  let came: string[] = [];
  const shared = parallel((name) => {
    came.push(name);
    return { log: came.join("") === "dcba" ? ["backwards"] : [] };
  });
  const forget = () => {
    came = [];
    return {};
  };
  const run = exploreInterleavings(shared, {}, { runs: 300, setUp: forget });
  await assert.rejects(
    run,
    /It is enough that this comes first, in this order:\n {2}1\.d\n {2}1\.c\n {2}1\.b\n/,
  );
});

test("a fake that answers by the order of the calls is found, a sequence answers each call alike", async () => {
  const calling = parallel(async (name, ctx) => ({
    log: [`${name}${await ctx.io("ticket", name, () => 0)}`],
  }));
  let next = 0;
  const byOrder = exploreInterleavings(calling, {}, { setUp: () => ({ io: { ticket: () => ++next % 4 } }) });
  await assert.rejects(byOrder, /state\.log is/);
  await exploreInterleavings(calling, {}, { runs: 20, io: { ticket: sequence(1, 2, 3, 4) } });
});

test("a step that waits for another one in memory is found where it has the only slot", async () => {
  const make = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return parallel(async (name) => {
      if (name === "b") await promise;
      if (name === "c") resolve();
      return {};
    });
  };
  const run = exploreInterleavings(make, {});
  await assert.rejects(run, /run-1 can neither go on nor end: 1\.b wait[\s\S]*finds it again/);
});

test("what a check of a run throws is told with the order that led there", async () => {
  let first = "";
  const shared = parallel((name) => {
    first ||= name;
  });
  const forget = () => {
    first = "";
    return {};
  };
  const check = (): void => assert.notEqual(first, "d", "d came first");
  const run = exploreInterleavings(shared, {}, { setUp: forget, check });
  await assert.rejects(run, /`check` does not hold: d came first[\s\S]*comes first/);
});
