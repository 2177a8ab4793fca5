import type {
  Clock,
  Durability,
  Emitter,
  EngineMetrics,
  Host,
  StoreBackend,
  Tracing,
  Workflow,
} from "@agentflow/core";
import type { DeclaredQueues } from "@agentflow/engine";
import type { RetentionOptions } from "./retention/retention-options.ts";

/** Options of an engine (ENG-50). Each has a `with...` function; both forms mix, and the later one wins. */
export interface EngineOptions {
  /** `sqlite:PATH`, `postgres://...`, `mysql://...`, `memory:`, or an opened back end, which the engine then leaves open. */
  readonly store?: string | StoreBackend;
  /** What a commit survives (S5). Only for a store that is opened here. */
  readonly durability?: Durability | undefined;
  /** Connections to a server's database that are open at once; 10 if not given. Only for a store that is opened here. */
  readonly connectionsMax?: number | undefined;
  readonly tenant?: string | undefined;
  /** What runs are resumed with where nobody names their workflow; no two of one name. */
  readonly workflows?: readonly Workflow[] | undefined;
  /** Queues that runs may wait in; every process that serves or starts into one declares the same. */
  readonly queues?: DeclaredQueues | undefined;
  /** Folder of the run directories (RUN-1); none are written without. */
  readonly runsDirectory?: string | undefined;
  /** Folder of the contents of artifacts. */
  readonly artifactsDirectory?: string | undefined;
  /** Folder of cached results that runs share (RUN-20). */
  readonly cacheDirectory?: string | undefined;
  /** Bytes that one folder of cached results may hold; 256 MiB if not given. */
  readonly cacheSizeBytes?: number | undefined;
  /** What is kept of finished runs (S24); without it only what is redundant is removed. */
  readonly retention?: RetentionOptions | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  /** Told when an emitter or the cache fails; the run goes on (RUN-3). */
  readonly onEmitterError?: ((emitter: string, error: unknown) => void) | undefined;
  /** Where metrics go, such as `prometheusMetrics()` (OBS-1); nothing is measured without. */
  readonly metrics?: EngineMetrics | undefined;
  /** Where spans go, such as `await openTelemetry()` (OBS-2); none are made without. */
  readonly tracing?: Tracing | undefined;
  /** Attempts that go on at once in one run (S14); 16 if not given. */
  readonly maxConcurrent?: number | undefined;
  /** Attempts that go on at once over all runs of the engine (S14); no limit if not given. */
  readonly engineConcurrency?: number | undefined;
  readonly queueDepth?: number | undefined;
  readonly backpressureTimeoutMs?: number | undefined;
  readonly nodeTimeoutMs?: number | undefined;
  readonly runBudgetMs?: number | undefined;
  readonly maxSteps?: number | undefined;
  readonly recoveriesMax?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly host?: Host | undefined;
}

/**
 * Where runs are kept: `sqlite:PATH`, `postgres://...`, `mysql://...`, `memory:`, or an opened back end, which stays
 * open when the engine closes.
 */
export function withStore(store: string | StoreBackend): EngineOptions {
  return { store };
}

/** What a commit survives: `strict` a power loss, `normal` a crash; `batched` may lose the last milliseconds. */
export function withDurability(durability: Durability): EngineOptions {
  return { durability };
}

/** How many connections to a server's database are open at once. */
export function withConnectionsMax(connectionsMax: number): EngineOptions {
  return { connectionsMax };
}

/** The tenant that every stored row belongs to. */
export function withTenant(tenant: string): EngineOptions {
  return { tenant };
}

/** The workflows by which runs are resumed where nobody names theirs. Replaces workflows given before. */
export function withWorkflows(...workflows: readonly Workflow[]): EngineOptions {
  return { workflows };
}

/** The queues that runs may wait in, with their limits (ENG-44). Replaces queues given before. */
export function withQueues(queues: DeclaredQueues): EngineOptions {
  return { queues };
}

/** Writes a run directory per run into this folder (RUN-1). */
export function withRunsDirectory(runsDirectory: string): EngineOptions {
  return { runsDirectory };
}

/** The folder of the contents of artifacts, by SHA-256 (RUN-30). */
export function withArtifactsDirectory(artifactsDirectory: string): EngineOptions {
  return { artifactsDirectory };
}

/** The folder of cached results that runs share (RUN-20). */
export function withCacheDirectory(cacheDirectory: string): EngineOptions {
  return { cacheDirectory };
}

/** How many bytes one folder of cached results may hold before the least recently used go (RUN-20). */
export function withCacheSize(cacheSizeBytes: number): EngineOptions {
  return { cacheSizeBytes };
}

/** What is kept of finished runs, and whether the engine cleans up in the background (S24). */
export function withRetention(retention: RetentionOptions): EngineOptions {
  return { retention };
}

/** Takes record events out of the engine, in order and at least once (RUN-3). Replaces emitters given before. */
export function withEmitters(...emitters: readonly Emitter[]): EngineOptions {
  return { emitters };
}

/** Is told when an emitter fails; the run goes on and the events are delivered again later. */
export function withEmitterErrorHandler(
  onEmitterError: (emitter: string, error: unknown) => void,
): EngineOptions {
  return { onEmitterError };
}

/** Where metrics go (OBS-1); several engines may share one. */
export function withMetrics(metrics: EngineMetrics): EngineOptions {
  return { metrics };
}

/** Where spans of runs, steps, calls and commits go (OBS-2). */
export function withTracing(tracing: Tracing): EngineOptions {
  return { tracing };
}

/** How many attempts of a run go on at once (S14). */
export function withMaxConcurrent(maxConcurrent: number): EngineOptions {
  return { maxConcurrent };
}

/** How many attempts go on at once over all runs of the engine (S14). */
export function withEngineConcurrency(engineConcurrency: number): EngineOptions {
  return { engineConcurrency };
}

/** How many steps may wait to start before their producer waits (S14). */
export function withQueueDepth(queueDepth: number): EngineOptions {
  return { queueDepth };
}

/** How long a full queue may stand still before the run fails with BackpressureError, in milliseconds (S14). */
export function withBackpressureTimeout(backpressureTimeoutMs: number): EngineOptions {
  return { backpressureTimeoutMs };
}

/** How long an attempt may take where its node says nothing, in milliseconds (S12). */
export function withNodeTimeout(nodeTimeoutMs: number): EngineOptions {
  return { nodeTimeoutMs };
}

/** How long the attempts of one run may take in total, in milliseconds; waiting for people is free (S22). */
export function withRunBudget(runBudgetMs: number): EngineOptions {
  return { runBudgetMs };
}

/** How many steps one run may commit before it fails with MaxStepsExceededError. */
export function withMaxSteps(maxSteps: number): EngineOptions {
  return { maxSteps };
}

/** How often a run without progress is taken over before it fails as a crash loop (S10). */
export function withRecoveriesMax(recoveriesMax: number): EngineOptions {
  return { recoveriesMax };
}

/** The clock to use instead of the machine's, for tests. */
export function withClock(clock: Clock): EngineOptions {
  return { clock };
}

/** The machine and process to appear as, for tests. */
export function withHost(host: Host): EngineOptions {
  return { host };
}

/** Folds options; what comes later wins, and `undefined` takes nothing back. */
export function mergeEngineOptions(options: readonly EngineOptions[]): EngineOptions {
  const given = options.flatMap((each) => Object.entries(each).filter(([, value]) => value !== undefined));
  return Object.fromEntries(given);
}
