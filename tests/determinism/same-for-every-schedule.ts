import assert from "node:assert/strict";
import fc from "fast-check";
import { type Block, graphPlan } from "./graph-plan.ts";
import { Points } from "./points.ts";
import { buildGraph } from "./random-graph.ts";
import { runScheduled, type Schedule } from "./recorded-run.ts";

const limits = fc.record({
  maxConcurrent: fc.integer({ min: 1, max: 8 }),
  queueDepth: fc.integer({ min: 1, max: 3 }),
});

/** Whether a step of the plan reads the clock: then time must not depend on the schedule either. */
function readsClock(plan: Block): boolean {
  return JSON.stringify(plan).includes('"kind":"now"');
}

/** One graph, and ways to execute it; the last one gives it a single slot and the shortest queue. */
function graphWithSchedules(count: number): fc.Arbitrary<{ plan: Block; schedules: Schedule[] }> {
  return graphPlan.chain((plan) => {
    const timers = readsClock(plan)
      ? fc.constant("idle" as const)
      : fc.constantFrom("idle" as const, "any" as const);
    const schedule = fc.record({ seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }), limits, timers });
    return fc.array(schedule, { minLength: count, maxLength: count }).map((schedules) => ({
      plan,
      schedules: schedules.map((given, index) =>
        index === count - 1 ? { ...given, limits: { maxConcurrent: 1, queueDepth: 1 } } : given,
      ),
    }));
  });
}

/**
 * Executes random graphs, each by `schedules` random schedules: every record of a graph must be the same byte for byte,
 * and strict replay must agree with it. A failure prints the seed and the path to it.
 */
export async function assertSameForEverySchedule(given: {
  readonly seed: number;
  readonly graphs: number;
  readonly schedules: number;
}): Promise<void> {
  await fc.assert(
    fc.asyncProperty(graphWithSchedules(given.schedules), ({ plan, schedules }) => compare(plan, schedules)),
    { seed: given.seed, numRuns: given.graphs },
  );
}

async function compare(plan: Block, schedules: readonly Schedule[]): Promise<void> {
  const points = new Points();
  const workflow = buildGraph(plan, points);
  const plain = await runScheduled(workflow, points, { seed: 0, limits: {}, timers: "idle" });
  assert.equal(plain.status, "succeeded", plain.log.split("\n").at(-2));
  assert.equal(plain.replay.divergence, undefined, "strict replay agrees");
  assert.equal(plain.replay.steps, plain.steps.length, "replay is whole");
  for (const schedule of schedules) {
    const record = await runScheduled(workflow, points, schedule);
    const where = `differs for the schedule ${JSON.stringify(schedule)}`;
    assert.equal(record.status, plain.status, `status ${where}: ${record.log.split("\n").at(-2)}`);
    const { replay, ...picture } = record;
    const { replay: _replay, ...expected } = plain;
    assert.deepEqual(picture, expected, `the run ${where}`);
    assert.equal(replay.divergence, undefined, `replay ${where}`);
  }
}
