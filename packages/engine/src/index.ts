export {
  type CompiledField,
  type CompiledJoin,
  type CompiledNode,
  type CompiledWorkflow,
  compile,
} from "./compile/compiled-workflow.ts";
export type { MetricsSnapshot } from "./emit/run-metrics.ts";
export { Engine, type EngineParts, type ResumeOptions } from "./engine.ts";
export type { Checkpoint } from "./inspect/history.ts";
export type { RunView, StepView } from "./inspect/run-view.ts";
export type { Explanation, OpenFailure, WaitingFor } from "./inspect/why.ts";
export type { Divergence } from "./replay/divergence.ts";
export type { ReplayOptions, ReplayReport } from "./replay/replay-run.ts";
export type { StartOptions } from "./run/create-run.ts";
export type { Run } from "./run/run-handle.ts";
export { defaultLimits, type RunLimits } from "./run/run-limits.ts";
export type { RunOutcome } from "./run/run-outcome.ts";
