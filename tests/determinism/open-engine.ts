import { FakeClock, FakeHost, type FakeHostParts } from "@agentflow/contracts";
import type { Clock, Emitter, StoreBackend, Workflow, WorkflowLimits } from "@agentflow/core";
import { type DeclaredQueues, Engine } from "@agentflow/engine";
import { memoryArtifacts, openMemory } from "@agentflow/store";

/** An engine in memory with everything a test may want to hold. */
export interface OpenedEngine<C extends Clock = FakeClock> extends AsyncDisposable {
  readonly engine: Engine;
  readonly backend: StoreBackend;
  readonly clock: C;
}

/** What tests say of an engine; an absent part is fresh. */
export interface OpenEngineOptions<C extends Clock = FakeClock> {
  readonly backend?: StoreBackend | undefined;
  readonly clock?: C | undefined;
  readonly host?: FakeHostParts | undefined;
  readonly limits?: WorkflowLimits | undefined;
  readonly workflows?: readonly Workflow[] | undefined;
  readonly queues?: DeclaredQueues | undefined;
  readonly engineConcurrency?: number | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
}

/** Opens an engine on memory and fake time. */
export function openEngine(options?: OpenEngineOptions): OpenedEngine;
export function openEngine<C extends Clock>(
  options: OpenEngineOptions<C> & { readonly clock: C },
): OpenedEngine<C>;
export function openEngine(options: OpenEngineOptions<Clock> = {}): OpenedEngine<Clock> {
  const backend = options.backend ?? openMemory();
  const clock = options.clock ?? new FakeClock();
  const { limits, engineConcurrency, emitters, workflows, queues } = options;
  const host = new FakeHost(options.host);
  const engine = new Engine({
    backend,
    clock,
    host,
    artifacts: memoryArtifacts(),
    limits,
    workflows,
    queues,
    engineConcurrency,
    emitters,
  });
  return { engine, backend, clock, [Symbol.asyncDispose]: () => engine.close() };
}
