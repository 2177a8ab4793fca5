import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { append, value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { memoryCache, openMemory } from "@agentflow/store";

let calls = 0;
const research = workflow("research", {
  version: "1",
  state: { topic: value<string>(), notes: append<string>() },
})
  .start("plan", async ({ topic }, ctx) => ({
    notes: [await ctx.io("ask", topic, (asked) => `${asked} ${++calls}`, { cache: "shared" })],
  }))
  .node("write", { after: "plan" }, ({ notes }) => ({ notes: [`${notes.join()} ${++calls}`] }), {
    cache: "shared",
  })
  .end("write");

async function answers(engine: Engine, topic: string): Promise<{ notes: readonly string[]; told: string[] }> {
  const run = await engine.start(research, { topic });
  const { notes } = await run.result();
  const told: string[] = [];
  for await (const event of engine.events(run.runId, { follow: false })) {
    if (event.type.startsWith("cache.")) told.push(event.type);
  }
  return { notes, told };
}

test("a second run with the same inputs shows only cache hits and the same state, another input only misses", async () => {
  await using engine = new Engine({
    backend: openMemory(),
    clock: new FakeClock(),
    host: new FakeHost(),
    cache: memoryCache(),
  });
  const first = await answers(engine, "tides");
  assert.deepEqual(first.told, ["cache.miss", "cache.miss"]);
  const second = await answers(engine, "tides");
  assert.deepEqual(second, { notes: first.notes, told: ["cache.hit", "cache.hit"] });
  assert.equal(calls, 2);
  assert.deepEqual((await answers(engine, "winds")).told, ["cache.miss", "cache.miss"]);
});
