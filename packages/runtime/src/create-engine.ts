import { type ArtifactStore, type Emitter, type StoreBackend, ValidationError } from "@agentflow/core";
import type { Engine, EngineParts } from "@agentflow/engine";
import { type EngineOptions, mergeEngineOptions } from "./engine-options.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemHost } from "./host/system-host.ts";
import { directoriesBeside, openBackend } from "./open-backend.ts";
import { openArtifacts, openCache } from "./open-contents.ts";
import type { BackgroundRetentionParts } from "./retention/background-retention.ts";
import { checkRetention } from "./retention/retention-options.ts";

async function openEmitters(
  options: EngineOptions,
  parts: { readonly backend: StoreBackend; readonly artifacts: ArtifactStore; readonly tenant: string },
): Promise<readonly Emitter[]> {
  const { runsDirectory, emitters = [] } = options;
  if (runsDirectory === undefined) return emitters;
  const { runDirectoryEmitter } = await import("@agentflow/telemetry");
  const { backend, artifacts, tenant } = parts;
  return [...emitters, runDirectoryEmitter({ runsDirectory, store: backend.runs, artifacts, tenant })];
}

/**
 * Emitters that were given may serve other engines too: they are flushed, not closed. One that fails is reported, as
 * while runs are at work: what it lacks can be made again from the store. Without a handler for reports it is thrown.
 */
async function flush(emitter: Emitter, report: EngineOptions["onEmitterError"]): Promise<void> {
  try {
    await emitter.flush?.();
  } catch (error) {
    if (report === undefined) throw error;
    report(emitter.name, error);
  }
}

function limitsOf(options: EngineOptions): NonNullable<EngineParts["limits"]> {
  const { maxConcurrent, queueDepth, backpressureTimeoutMs, nodeTimeoutMs, runBudgetMs, maxSteps } = options;
  const limits = { maxConcurrent, queueDepth, backpressureTimeoutMs, nodeTimeoutMs, runBudgetMs, maxSteps };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Refuses what would hold every run up for ever, or never end a crash loop. */
function checkWholeNumber(name: string, found: number | undefined, min: number): void {
  if (found === undefined || (Number.isSafeInteger(found) && found >= min)) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${name} must be a whole number from ${min}, not ${String(found)}.`,
    { context: { name, found: String(found) } },
  );
}

/** Cleans up in the background unless that is switched off (S24). */
async function startRetention(
  { retention = {}, runsDirectory, onEmitterError }: EngineOptions,
  parts: Pick<BackgroundRetentionParts, "backend" | "tenant" | "clock" | "host">,
): Promise<readonly (() => Promise<void>)[]> {
  if (retention.background === false) return [];
  const { BackgroundRetention } = await import("./retention/background-retention.ts");
  const onError = (error: unknown): void => onEmitterError?.("retention", error);
  const background = new BackgroundRetention({ ...parts, runsDirectory, options: retention, onError });
  return [() => background.stop()];
}

/**
 * Makes an engine from options: objects, `with...` functions or both, where the later wins (ENG-50). Without options it
 * keeps runs in `sqlite:.agentflow/agentflow.db` and writes no run directories. Use `await using`, or `close()`: it parks
 * what runs, waits for the emitters and closes the store if it was opened here. Throws ConfigError for an unknown store,
 * ValidationError for an option out of range, and the StoreErrors of the back end.
 */
export async function createEngine(...given: readonly EngineOptions[]): Promise<Engine> {
  const merged = mergeEngineOptions(given);
  checkWholeNumber("engineConcurrency", merged.engineConcurrency, 1);
  checkWholeNumber("connectionsMax", merged.connectionsMax, 1);
  checkWholeNumber("recoveriesMax", merged.recoveriesMax, 0);
  checkRetention(merged.retention ?? {});
  const backend = await openBackend(merged);
  const isOwnBackend = backend !== merged.store;
  try {
    const beside = directoriesBeside(merged.store);
    return await compose({ ...beside, ...merged }, backend, isOwnBackend);
  } catch (error) {
    if (isOwnBackend) await backend.runs.close();
    throw error;
  }
}

async function compose(
  options: EngineOptions,
  backend: StoreBackend,
  isOwnBackend: boolean,
): Promise<Engine> {
  const { RuntimeEngine } = await import("./runtime-engine.ts");
  const {
    tenant = "default",
    engineConcurrency,
    recoveriesMax,
    onEmitterError,
    clock = systemClock,
    host = systemHost(),
  } = options;
  const artifacts = await openArtifacts(options);
  const emitters = await openEmitters(options, { backend, artifacts, tenant });
  const parts: EngineParts = {
    backend,
    clock,
    host,
    artifacts,
    cache: await openCache(options),
    emitters,
    tenant,
    workflows: options.workflows,
    queues: options.queues,
    limits: limitsOf(options),
    engineConcurrency,
    recoveriesMax,
    onEmitterError,
    metrics: options.metrics,
    tracing: options.tracing,
  };
  const closers = [
    ...(await startRetention(options, { backend, tenant, clock, host })),
    ...emitters.map((emitter) => () => flush(emitter, onEmitterError)),
    ...(isOwnBackend ? [() => backend.runs.close()] : []),
  ];
  return new RuntimeEngine(parts, closers);
}
