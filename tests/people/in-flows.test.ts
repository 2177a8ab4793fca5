import assert from "node:assert/strict";
import { test } from "node:test";
import { flow, interrupt, type StandardSchema } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed } from "../determinism/settle.ts";

const upper: StandardSchema<unknown, string> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "string" ? { value: value.toUpperCase() } : { issues: [{ message: "is no text" }] },
  },
};
const ask = interrupt<string, string>("ask", { answer: upper });
const id = "0.letter#ask[0]";

test("a flow asks as a node does: a wrong answer is refused, a deadline takes its default, its steps run once (ENG-40, ENG-53)", async () => {
  await using held = openEngine();
  let drafts = 0;
  const letter = flow("letter", { version: "1" }, async (topic: string, ctx) => {
    const draft = await ctx.step("draft", topic, (about, step) =>
      step.io("draft", about, (given) => `${given} ${++drafts}`, { effect: true }),
    );
    const said = await ctx.interrupt(ask, draft);
    const second = await ctx.interrupt(ask, said, { deadlineMs: 60_000, default: "nobody" });
    const sent = await ctx.step("send", `${said} ${second}`, (text) => `sent ${text}`);
    return `${sent} ${await ctx.waitFor<string>("news", { timeoutMs: 1_000, default: "no news" })}`;
  });
  const run = await held.engine.start(letter, "tides");
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await using other = openEngine({ backend: held.backend, host: { pid: 4_711 } });
  await other.engine.answer(run.runId, id, 7);
  assert.equal((await settle(await held.engine.resume(run.runId, letter), held.clock)).status, "waiting");
  await other.engine.answer(run.runId, id, "yes");
  for (let rests = 0; rests < 2; rests++) {
    assert.equal((await settle(await held.engine.resume(run.runId, letter), held.clock)).status, "waiting");
    held.clock.advance(60_000);
  }
  const last = await held.engine.resume(run.runId, letter);
  assert.equal(await succeed(last, held.clock), "sent YES nobody no news");
  assert.equal(drafts, 1);
  assert.equal((await held.engine.replay(run.runId, letter)).divergence, undefined);
});
