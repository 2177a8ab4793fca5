export type {
  Answers,
  Approval,
  ApprovalQuery,
  Backtest,
  BacktestVerdict,
  Checkpoint,
  CompensatingData,
  CompensationReport,
  DeclaredQueues,
  DelayOptions,
  Divergence,
  Engine,
  EngineSchedules,
  EventsOptions,
  Explanation,
  FailedCompensation,
  ForkOptions,
  ForkPoint,
  ForkPreview,
  LiveEventOf,
  MetricsSnapshot,
  NestedValue,
  OpenFailure,
  Overflow,
  ParkOptions,
  PauseOptions,
  ReaderParts,
  RepeatedStep,
  ReplayOptions,
  ReplayReport,
  ResumeOptions,
  Run,
  RunDiff,
  RunEventsOptions,
  RunOutcome,
  RunReader,
  RunView,
  Schedule,
  ScheduleOptions,
  Sender,
  ServeOptions,
  Serving,
  StartOptions,
  StateAt,
  StatePatch,
  StateValue,
  StepDebug,
  StepDelta,
  StepDiff,
  StepEnd,
  StepView,
  StoredCompensation,
  StreamItem,
  StreamItems,
  StreamMode,
  StreamPlace,
  UsualModes,
  WaitingFor,
} from "@agentflow/engine";
export type { BackupFile, BackupKind, BackupManifest } from "@agentflow/store";
export {
  type BackupReport,
  backupStore,
  checkBackup,
  type RestoreReport,
  restoreStore,
} from "./backup-store.ts";
export { environmentExample } from "./configuration/environment-example.ts";
export {
  type Configuration,
  type ConfigurationSources,
  type ConfiguredValue,
  loadConfiguration,
} from "./configuration/load-configuration.ts";
export { type Setting, type SettingKey, type SettingKind, settings } from "./configuration/settings.ts";
export { createEngine } from "./create-engine.ts";
export { createModelGateway } from "./create-model-gateway.ts";
export {
  type EngineOptions,
  withArtifactsDirectory,
  withBackpressureTimeout,
  withCacheDirectory,
  withCacheSize,
  withClock,
  withConnectionsMax,
  withDurability,
  withEmitterErrorHandler,
  withEmitters,
  withEngineConcurrency,
  withHost,
  withMaxConcurrent,
  withMaxSteps,
  withMetrics,
  withNodeTimeout,
  withQueueDepth,
  withQueues,
  withRecoveriesMax,
  withRetention,
  withRunBudget,
  withRunsDirectory,
  withStore,
  withTenant,
  withTracing,
  withWorkflows,
} from "./engine-options.ts";
export { systemClock } from "./host/system-clock.ts";
export { systemHost } from "./host/system-host.ts";
export { type LoadedWorkflow, loadWorkflow, loadWorkflows } from "./load-workflow.ts";
export {
  type MigrationEntry,
  type MigrationReport,
  type MigrationStatus,
  migrateStore,
  migrationStatus,
} from "./migrate-store.ts";
export { openBackend, storeExists } from "./open-backend.ts";
export { type OpenedMetrics, openMetrics } from "./open-metrics.ts";
export { collectGarbage, type GarbageOptions } from "./retention/collect-garbage.ts";
export type { GarbageReport, RemovedFiles, RemovedRuns } from "./retention/garbage-report.ts";
export type { RetentionOptions } from "./retention/retention-options.ts";
export { importRun, rebuildRun } from "./run-directories.ts";
