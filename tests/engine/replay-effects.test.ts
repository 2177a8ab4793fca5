import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { sum, type Workflow, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

test("a replay counts the effects it did not repeat, and repeats none", async () => {
  let sent = 0;
  const mail = workflow("mail", { version: "1", state: { letters: sum() } })
    .start("send", async (_state, ctx) => {
      await ctx.io("look", 1, () => "address");
      for (const letter of [1, 2, 3]) await ctx.io("post", letter, () => ++sent, { effect: true });
      return { letters: 3 };
    })
    .end("send");
  await using engine = new Engine({ backend: openMemory(), clock: new FakeClock(), host: new FakeHost() });
  const run = await engine.start(mail, {});
  await run.result();
  const report = await engine.replay(run.runId, mail as unknown as Workflow);
  assert.deepEqual(report, { runId: run.runId, matches: true, steps: 1, unchecked: 0, effects: 3 });
  assert.equal(sent, 3);
});
