import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { InterruptNotFoundError, sum, workflow } from "@agentflow/core";
import { openSqlite } from "@agentflow/store";
import { assertEffects } from "../assert/assert-calls.ts";
import { order, packed, shop } from "./order.fixture.ts";
import { testEngine } from "./test-engine.ts";

const items = ["chandeliers"];

test("a run is taken through its waits by hand, and nothing happens in between", async () => {
  await using engine = testEngine({ io: shop });
  const run = await engine.start(order, { items });
  assert.deepEqual(
    (await run.questions()).map(({ name }) => name),
    ["approve"],
  );
  await assert.rejects(run.answer("approved", true), (error) => {
    assert.ok(error instanceof InterruptNotFoundError);
    assert.match(error.hint, /It asks: 2\.approve#approve\[0\]/);
    return true;
  });
  await run.answer("approve", true, { by: "ada" });
  await engine.advance("29d");
  assertEffects(await run.report(), []);
  await engine.advance("1d");
  assertEffects(await run.report(), [["charge", { cents: 11_000 }]]);
  await run.signal("packed", "parcel 1");
  const { status, result } = await run.report();
  assert.deepEqual([status, result.parcel], ["succeeded", "parcel 1"]);
});

test("a process that crashes at any time loses nothing: the next one goes on", async () => {
  await using engine = testEngine({ io: shop });
  const run = await engine.start(order, { items });
  await engine.crash();
  await run.answer("approve", true);
  await engine.crash();
  await engine.advance("10d");
  await engine.crash();
  await engine.advance("20d");
  await engine.crash();
  await run.signal("packed", "parcel 1");
  await engine.crash();
  assert.equal((await run.result()).parcel, "parcel 1");
  await engine.crash();
  assert.equal((await run.report()).status, "succeeded", "also when it has ended");
  assertEffects(await run.report(), ["charge", "mail"]);
});

test("several runs share the clock, and each has its own calls", async () => {
  await using engine = testEngine({ io: shop });
  const cheap = await engine.start(order, { items: ["lamp"] }, { signals: packed });
  const dear = await engine.start(order, { items }, { answers: { approve: true }, signals: packed });
  await engine.advance("31d");
  assert.deepEqual([(await cheap.result()).cents, (await dear.result()).cents], [4_000, 11_000]);
  assertEffects(await cheap.report(), [["charge", { cents: 4_000 }], "mail"]);
  assert.equal(engine.calls.length, 6);
});

test("a failed run stays failed over a crash", async () => {
  await using engine = testEngine();
  const run = await engine.start(order, { items: [] });
  assert.equal((await run.report()).status, "failed");
  await engine.crash();
  await assert.rejects(run.result(), /the order is empty/);
});

test("runs may be kept in a store that is given, which stays open", async () => {
  const folder = await mkdtemp(join(tmpdir(), "testkit-"));
  const store = await openSqlite({ path: join(folder, "runs.db") });
  try {
    await using engine = testEngine({ store, io: shop });
    const run = await engine.start(order, { items: ["lamp"] }, { signals: packed });
    assert.equal((await run.result()).cents, 4_000);
    assert.equal((await store.runs.readHead("default", run.runId))?.status, "succeeded");
  } finally {
    await store.runs.close();
    await rm(folder, { recursive: true });
  }
});

test("a workflow that is made anew for each process has lost its memory after a crash", async () => {
  const make = () => {
    let begun = 0;
    return workflow("forgetful", { version: "1", state: { begun: sum() } })
      .start("first", () => void begun++)
      .node("second", { after: "first" }, async (_state, ctx) => {
        await ctx.sleep("nap", 1_000);
        return { begun };
      })
      .end("second");
  };
  await using engine = testEngine();
  const [one, other] = [await engine.start(make(), {}), await engine.start(make, {})];
  await engine.rest();
  await engine.crash();
  assert.deepEqual([(await one.result()).begun, (await other.result()).begun], [1, 0]);
});
