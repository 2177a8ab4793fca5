import assert from "node:assert/strict";
import { test } from "node:test";
import { custom, value, workflow } from "@agentflow/core";
import { testEngine, testRun } from "@agentflow/testkit";

const flow = workflow("flow", {
  version: "1",
  state: { given: value<string | null>("default"), cleared: value<string | null>("default"), big: value("") },
})
  .start("clear", () => ({ cleared: null, big: "x".repeat(200_000) }))
  .node("again", { after: "clear" }, () => ({ big: "y".repeat(200_000) }))
  .node("wait", { after: "again" }, async (_state, ctx) => {
    await ctx.sleep("pause", 1_000);
    return { big: "" };
  })
  .end("wait");

test("a null that was given or written is no absent value: no default takes its place, also after a resume", async () => {
  await using engine = testEngine();
  const run = await engine.start(flow, { given: null });
  await engine.rest();
  await engine.crash();
  const expected = { given: null, cleared: null, big: "" };
  assert.deepEqual(await run.result(), expected);
  await engine.crash();
  assert.deepEqual(await run.result(), expected);
});

test("a reducer that gives null is asked again with that null", async () => {
  const seen: unknown[] = [];
  const last = custom<string | null>({
    id: "last@1",
    initial: "start",
    reduce: (current, delta) => {
      seen.push(current);
      return delta;
    },
  });
  const folded = workflow("folded", { version: "1", state: { last } })
    .start("fork", () => ({}))
    .node("a", { after: "fork" }, () => ({ last: null }))
    .node("b", { after: "fork" }, () => ({ last: "b" }))
    .node("end", { after: ["a", "b"] }, () => ({}))
    .end("end");
  assert.deepEqual((await testRun(folded, {})).result, { last: "b" });
  assert.deepEqual(seen, ["start", null]);
});
