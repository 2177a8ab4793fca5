import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeProcesses } from "@agentflow/contracts";
import { MaxStepsExceededError, RunBudgetExceededError, value, workflow } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";

test("a run keeps its budget, and what it has used of it, over the end of its process", async () => {
  const [clock, backend, processes] = [new FakeClock(), openMemory(), new FakeProcesses()];
  const hanging = workflow("hanging", { version: "1", state: { x: value(0) } })
    .start("hang", () => new Promise<never>(() => undefined))
    .end("hang");
  const first = openEngine({ backend, clock, host: { processes, pid: 1 } });
  await first.engine.start(hanging, {}, { id: "r", limits: { runBudgetMs: 6_000 } });
  await turns();
  await clock.advanceAsync(4_000);
  await first.engine.close();
  await using second = openEngine({ backend, clock, host: { processes, pid: 2 } });
  const begun = clock.monotonic();
  const run = await second.engine.resume("r", hanging);
  let endedAt: number | undefined;
  const settled = run.settled().then((outcome) => {
    endedAt = clock.monotonic();
    return outcome;
  });
  for (let step = 0; step < 30; step++) await clock.advanceAsync(100);
  const outcome = await settled;
  assert.ok(outcome.status === "failed" && outcome.error instanceof RunBudgetExceededError);
  assert.equal((endedAt ?? 0) - begun, 2_000);
});

test("limits that a run is resumed with win over those that it was started with", async () => {
  const backend = openMemory();
  const turning = workflow("turning", { version: "1", state: { count: value(0) } })
    .start("turn", async ({ count }) => ({ count: count + 1 }))
    .node("shut", {}, () => ({}))
    .route("turn", { to: ["turn", "shut"] }, ({ count }) => (count < 8 ? "turn" : "shut"))
    .end("shut");
  const first = openEngine({ backend, host: { pid: 1 } });
  const run = await first.engine.start(turning, {}, { limits: { maxSteps: 4 } });
  const outcome = await run.settled();
  assert.ok(outcome.status === "failed" && outcome.error instanceof MaxStepsExceededError);
  await first.engine.close();
  await using second = openEngine({ backend, host: { pid: 2 } });
  const same = await (await second.engine.resume(run.runId, turning)).settled();
  assert.ok(same.status === "failed" && same.error instanceof MaxStepsExceededError);
  const more = await second.engine.resume(run.runId, turning, { limits: { maxSteps: 100 } });
  assert.equal((await more.settled()).status, "succeeded");
});
