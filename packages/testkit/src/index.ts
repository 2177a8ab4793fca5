export { assertCalls, assertEffects, type ExpectedCall } from "./assert/assert-calls.ts";
export { assertOrder } from "./assert/assert-order.ts";
export { assertReplays } from "./assert/assert-replays.ts";
export { type CrashOptions, type ExploredCrashes, exploreCrashes } from "./explore/explore-crashes.ts";
export {
  type ExploredInterleavings,
  exploreInterleavings,
  type InterleavingOptions,
} from "./explore/explore-interleavings.ts";
export type { Exploration, Scenario } from "./explore/scenario.ts";
export type { MadeCall } from "./io/scripted-calls.ts";
export {
  type IoFunction,
  type IoScript,
  type IoScripts,
  type LateScript,
  late,
  real,
  type SequenceScript,
  sequence,
  type ThrowScript,
  throws,
} from "./io/scripts.ts";
export { type ObservedBackend, observeCommits } from "./process/observe-commits.ts";
export { PretendedProcess, type ProcessParts } from "./process/pretended-process.ts";
export { ProcessClock } from "./process/process-clock.ts";
export type { TestEngineOptions, WorkflowSource } from "./run/laboratory.ts";
export type { AnswerScript, AnswerScripts, AskedQuestion, ScriptedSignal } from "./run/people.ts";
export { type Place, rowsOf, stepRowsOf, storedEvents } from "./run/recorded-rows.ts";
export { pictureOf, type RunPicture } from "./run/run-picture.ts";
export { TestEngine, TestRun, type TestStartOptions, testEngine } from "./run/test-engine.ts";
export { type TestRunOptions, testRun } from "./run/test-run.ts";
export type { TestedRun } from "./run/tested-run.ts";
export type { Duration } from "./time/duration.ts";
