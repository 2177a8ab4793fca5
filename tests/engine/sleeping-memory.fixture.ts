// Starts runs that sleep for a day on a SQLite file, and prints how many bytes of heap each of them holds.
//
//   node --expose-gc sleeping-memory.fixture.ts FILE COUNT
import { setImmediate } from "node:timers/promises";
import { append, workflow } from "@agentflow/core";
import { createEngine, openBackend } from "@agentflow/runtime";

const [, , file = "", count = "0"] = process.argv;
const runs = Number(count);

const sleeper = workflow("sleeper", { version: "1", state: { said: append<string>() } })
  .start("sleep", async (_state, ctx) => {
    await ctx.sleep("day", 86_400_000);
    return { said: ["slept"] };
  })
  .end("sleep");

const store = await openBackend({ store: `sqlite:${file}` });
await using engine = await createEngine({ store, retention: { background: false } });

/** Starts runs and waits until the last of them rests. */
async function startSleeping(first: number, end: number): Promise<void> {
  for (let index = first; index < end; index++) await engine.start(sleeper, {}, { id: `run-${index}` });
  for (let index = first; index < end; index++)
    while ((await store.runs.readHead("default", `run-${index}`))?.owner !== undefined) await setImmediate();
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// What is made once, such as compiled code, belongs to no run.
await startSleeping(0, runs / 4);
const before = heapUsed();
await startSleeping(runs / 4, runs + runs / 4);
console.log((heapUsed() - before) / runs);
await engine.close();
await store.runs.close();
