export {
  type CompiledField,
  type CompiledJoin,
  type CompiledNode,
  type CompiledWorkflow,
  compile,
} from "./compile/compiled-workflow.ts";
export type { MetricsSnapshot } from "./emit/run-metrics.ts";
export { Engine, type EngineParts } from "./engine.ts";
export type { RunDiff, StepDiff } from "./fork/diff-runs.ts";
export type { ForkPoint } from "./fork/fork-point.ts";
export type { ForkPreview, RepeatedStep } from "./fork/fork-preview.ts";
export type { ForkOptions } from "./fork/fork-run.ts";
export type { StatePatch } from "./fork/patch-state.ts";
export type { StateAt } from "./fork/state-at.ts";
export type { ResumeOptions } from "./hold/resume-options.ts";
export type { Checkpoint } from "./inspect/history.ts";
export type { ReaderParts, RunReader } from "./inspect/run-reader.ts";
export type { RunView, StepView } from "./inspect/run-view.ts";
export type { Explanation, OpenFailure, WaitingFor } from "./inspect/why.ts";
export type { Approval, ApprovalQuery } from "./people/list-approvals.ts";
export type { Answers, Sender } from "./people/people.ts";
export type { PauseOptions } from "./people/static-pauses.ts";
export type { Backtest, BacktestVerdict } from "./replay/backtest-run.ts";
export type { StepDebug, StepEnd } from "./replay/debug-step.ts";
export type { Divergence } from "./replay/divergence.ts";
export type { ReplayOptions, ReplayReport } from "./replay/replay-run.ts";
export type { StartOptions } from "./run/create-run.ts";
export { checkGrace, type ParkOptions } from "./run/drain.ts";
export type { Run } from "./run/run-handle.ts";
export { defaultLimits, type RunLimits } from "./run/run-limits.ts";
export type { RunOutcome } from "./run/run-outcome.ts";
export type {
  CompensatingData,
  CompensationReport,
  FailedCompensation,
  StoredCompensation,
} from "./saga/compensation.ts";
export type {
  EventsOptions,
  LiveEventOf,
  NestedValue,
  Overflow,
  RunEventsOptions,
  StateValue,
  StepDelta,
  StreamItem,
  StreamItems,
  StreamMode,
  StreamPlace,
  UsualModes,
} from "./streams/stream-options.ts";
export type { DeclaredQueues } from "./time/declared-queues.ts";
export type { DelayOptions } from "./time/delayed-start.ts";
export type { ServeOptions, Serving } from "./time/run-server.ts";
export type { EngineSchedules, Schedule, ScheduleOptions } from "./time/schedules.ts";
