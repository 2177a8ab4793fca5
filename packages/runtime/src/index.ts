export type {
  Checkpoint,
  Divergence,
  Engine,
  Explanation,
  MetricsSnapshot,
  OpenFailure,
  ReplayOptions,
  ReplayReport,
  ResumeOptions,
  Run,
  RunOutcome,
  RunView,
  StartOptions,
  StepView,
  WaitingFor,
} from "@agentflow/engine";
export { environmentExample } from "./configuration/environment-example.ts";
export {
  type Configuration,
  type ConfigurationSources,
  type ConfiguredValue,
  loadConfiguration,
} from "./configuration/load-configuration.ts";
export { type Setting, type SettingKey, type SettingKind, settings } from "./configuration/settings.ts";
export { createEngine } from "./create-engine.ts";
export {
  type EngineOptions,
  withArtifactsDirectory,
  withBackpressureTimeout,
  withCacheDirectory,
  withCacheSize,
  withClock,
  withDurability,
  withEmitterErrorHandler,
  withEmitters,
  withEngineConcurrency,
  withHost,
  withMaxConcurrent,
  withMaxSteps,
  withNodeTimeout,
  withQueueDepth,
  withRecoveriesMax,
  withRunBudget,
  withRunsDirectory,
  withStore,
  withTenant,
} from "./engine-options.ts";
export { systemClock } from "./host/system-clock.ts";
export { systemHost } from "./host/system-host.ts";
export { type LoadedWorkflow, loadWorkflow } from "./load-workflow.ts";
export { openBackend, storeExists } from "./open-backend.ts";
export { importRun, rebuildRun } from "./run-directories.ts";
