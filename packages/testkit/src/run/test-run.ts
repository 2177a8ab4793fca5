import type { RunInputOf, RunResultOf, StateSpec } from "@agentflow/core";
import type { Duration } from "../time/duration.ts";
import type { TestEngineOptions, WorkflowSource } from "./laboratory.ts";
import { type TestStartOptions, testEngine } from "./test-engine.ts";
import type { TestedRun } from "./tested-run.ts";

/** Everything that a test may say of one run and its world. */
export interface TestRunOptions extends TestEngineOptions, TestStartOptions {
  /** Stop here even if the run goes on; without it only its end, or a question without an answer, stops it. */
  readonly until?: Duration;
}

/**
 * Runs a workflow in memory to its end, or until it waits for an answer that the test does not give, and tells what
 * happened (ENG-52). Sleeps and retries take no real time. A run that fails is told of, not thrown: reading `result` of it
 * throws. Rejects with NoProgressError if the run can neither go on nor end.
 */
export async function testRun<Spec extends StateSpec>(
  workflow: WorkflowSource<Spec>,
  input: RunInputOf<Spec>,
  options: TestRunOptions = {},
): Promise<TestedRun<RunResultOf<Spec>>> {
  const { until } = options;
  await using engine = testEngine(options);
  const run = await engine.start(workflow, input, options);
  return await run.finish(until === undefined ? {} : { until });
}
