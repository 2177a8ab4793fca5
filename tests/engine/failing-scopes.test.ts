import assert from "node:assert/strict";
import { test } from "node:test";
import { append, type Failure, NodeTimeoutError, nested, sum, value, workflow } from "@agentflow/core";
import { assertReplays, testRun } from "@agentflow/testkit";
import { openEngine } from "../determinism/open-engine.ts";
import { fail } from "../determinism/settle.ts";

for (const kind of ["sleep", "backoff"] as const) {
  test(`a step of a nested workflow that has failed does not go on after its ${kind}`, async () => {
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
    assert.deepEqual((await testRun(parent, {})).result, { trail: ["recovered", "long"] });
    assert.equal(executed.length, 1);
  });
}

for (const maxConcurrent of [1, 2]) {
  test(`a nested workflow beside a failure ends before its scope fails, ${maxConcurrent} at a time`, async () => {
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
    const { status, steps } = await testRun(parent, {}, { limits: { maxConcurrent } });
    assert.equal(status, "failed");
    assert.deepEqual(
      steps.filter((step) => step.status === "succeeded").map((step) => step.stepId),
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

/** A nested workflow in which three items fail, inside another one, beside a step that fails too. */
function failingTogether(recover?: (failure: Failure) => { trail: string[] }) {
  const child = workflow("child", { version: "1", state: { x: value(0) } })
    .start("fork", () => ({}))
    .map("bad", { after: "fork", over: () => ["a", "b", "c"] }, async (item, ctx) => {
      await ctx.io("bad", item, () => Promise.reject(new Error(`no ${item}`)));
    })
    .end("bad");
  const middle = workflow("middle", { version: "1", state: { x: value(0) } })
    .start("inner", nested(child, { input: () => ({}), output: () => ({}) }))
    .end("inner");
  return workflow("parent", { version: "1", state: { trail: append<string>() } })
    .start("fork", () => ({}))
    .node(
      "nest",
      { after: "fork" },
      nested(middle, { input: () => ({}), output: () => ({}) }),
      recover === undefined ? {} : { recover },
    )
    .node("beside", { after: "fork" }, async (_state, ctx) => {
      if (recover !== undefined) return { trail: ["beside"] };
      await ctx.io("beside", null, () => Promise.reject(new Error("no beside")));
      return {};
    })
    .node("end", { after: ["nest", "beside"] }, () => ({}))
    .end("end");
}

const messagesOf = (failures: readonly Failure[]): string[] => failures.map(({ message }) => message);

test("a failed run lists every failure beside its first one, those of nested workflows in their place", async () => {
  await using held = openEngine();
  const run = await held.engine.start(failingTogether(), {});
  const outcome = await fail(run, held.clock);
  assert.equal(outcome.failure.message, "1.nest/0.inner/1.bad[0] failed: no a");
  assert.deepEqual(messagesOf(outcome.others), [
    "1.nest/0.inner/1.bad[1] failed: no b",
    "1.nest/0.inner/1.bad[2] failed: no c",
    "1.beside failed: no beside",
  ]);
});

test("recover of a nested workflow is given every failure of its scope", async () => {
  let given: Failure | undefined;
  const graph = failingTogether((failure) => {
    given = failure;
    return { trail: ["recovered"] };
  });
  const run = await testRun(graph, {});
  assert.deepEqual(run.result, { trail: ["recovered", "beside"] });
  assert.equal(given?.message, "1.nest/0.inner/1.bad[0] failed: no a");
  assert.deepEqual(messagesOf(given?.others ?? []), [
    "1.nest/0.inner/1.bad[1] failed: no b",
    "1.nest/0.inner/1.bad[2] failed: no c",
  ]);
  await assertReplays(run);
});
