export { environmentExample } from "./configuration/environment-example.ts";
export {
  type Configuration,
  type ConfigurationSources,
  type ConfiguredValue,
  loadConfiguration,
} from "./configuration/load-configuration.ts";
export { type Setting, type SettingKey, type SettingKind, settings } from "./configuration/settings.ts";
export {
  type EngineOptions,
  withArtifactsDirectory,
  withBackpressureTimeout,
  withCacheDirectory,
  withClock,
  withDurability,
  withEmitterErrorHandler,
  withEmitters,
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
