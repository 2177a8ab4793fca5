import assert from "node:assert/strict";
import { test } from "node:test";
import { append, NodeTimeoutError, nested, sum, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { fail, succeed } from "../determinism/settle.ts";

for (const kind of ["sleep", "backoff"] as const) {
  test(`a step of a nested workflow that has failed does not go on after its ${kind}`, async () => {
    await using held = openEngine();
    const executed: string[] = [];
    const child = workflow("child", { version: "1", state: { x: value(0) } })
      .start("fork", () => ({}))
      .node(
        "later",
        { after: "fork" },
        async (_state, ctx) => {
          executed.push(`later ${ctx.attempt}`);
          if (kind === "sleep") await ctx.sleep("pause", 1_000);
          else throw new Error("again");
          return { x: 1 };
        },
        { retry: { attemptsMax: 2, backoffMs: 1_000, jitter: 0 } },
      )
      .node("bad", { after: "fork" }, async (_state, ctx) => {
        await ctx.io("bad", null, () => Promise.reject(new Error("no")));
      })
      .node("end", { after: ["later", "bad"] }, () => ({}))
      .end("end");
    const parent = workflow("parent", { version: "1", state: { trail: append<string>() } })
      .start("inner", nested(child, { input: () => ({}), output: () => ({ trail: ["child"] }) }), {
        recover: () => ({ trail: ["recovered"] }),
      })
      .node("long", { after: "inner" }, async (_state, ctx) => {
        await ctx.sleep("long", 5_000);
        return { trail: ["long"] };
      })
      .end("long");
    const run = await held.engine.start(parent, {});
    assert.deepEqual(await succeed(run, held.clock), { trail: ["recovered", "long"] });
    assert.equal(executed.length, 1);
  });
}

for (const maxConcurrent of [1, 2]) {
  test(`a nested workflow beside a failure ends before its scope fails, ${maxConcurrent} at a time`, async () => {
    await using held = openEngine({ limits: { maxConcurrent } });
    const child = workflow("child", { version: "1", state: { x: sum() } })
      .start("one", async (_state, ctx) => ({ x: await ctx.io("one", null, () => 1) }))
      .node("two", { after: "one" }, async (_state, ctx) => ({ x: await ctx.io("two", null, () => 1) }))
      .end("two");
    const parent = workflow("parent", { version: "1", state: { x: sum() } })
      .start("fork", () => ({}))
      .node("inner", { after: "fork" }, nested(child, { input: () => ({}), output: ({ x }) => ({ x }) }))
      .node("bad", { after: "fork" }, () => {
        throw new Error("no");
      })
      .node("end", { after: ["inner", "bad"] }, () => ({}))
      .end("end");
    const run = await held.engine.start(parent, {});
    await fail(run, held.clock);
    const { steps } = await held.engine.inspect(run.runId);
    assert.deepEqual(
      steps
        .filter((step) => step.status === "succeeded")
        .map((step) => step.stepId)
        .sort(),
      ["0.fork", "1.inner", "1.inner/0.one", "1.inner/1.two"],
    );
  });
}

test("a nested workflow over its node's timeout fails with a typed error, and nothing in it goes on", async () => {
  await using held = openEngine();
  let done = 0;
  const child = workflow("child", { version: "1", state: { x: value(0) } })
    .start("wait", async (_state, ctx) => {
      await ctx.sleep("pause", 10_000);
      done++;
      return { x: 1 };
    })
    .end("wait");
  const parent = workflow("parent", { version: "1", state: { x: value(0) } })
    .start("inner", nested(child, { input: () => ({}), output: ({ x }) => ({ x }) }), { timeoutMs: 1_000 })
    .end("inner");
  const run = await held.engine.start(parent, {});
  const { error } = await fail(run, held.clock);
  assert.ok(error instanceof NodeTimeoutError);
  await held.clock.advanceAsync(20_000);
  assert.equal(done, 0);
});
