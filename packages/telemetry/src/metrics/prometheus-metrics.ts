import type { AttemptOutcome, EngineMetrics, MeteredWorkflow, StepLoad, StepMetrics } from "@agentflow/core";
import type { HistogramSeries } from "./counted-histogram.ts";
import { engineCatalogue } from "./metric-catalogue.ts";
import { type GaugeReading, MetricRegistry, type MetricRegistryOptions } from "./metric-registry.ts";

/** Metrics that an engine fills and Prometheus reads; further ones of your own may be registered beside them. */
export interface PrometheusMetrics extends EngineMetrics {
  readonly registry: MetricRegistry;
}

/**
 * Makes the place where engines put their metrics (OBS-1): give it to `createEngine`, and `serveMetrics` or
 * `registry.text()` to Prometheus. Throws ValidationError for a limit that is no whole number from 1.
 */
export function prometheusMetrics(options: MetricRegistryOptions = {}): PrometheusMetrics {
  return new RegisteredMetrics(new MetricRegistry(options));
}

class RegisteredMetrics implements PrometheusMetrics {
  readonly registry: MetricRegistry;
  readonly #latency: ReturnType<MetricRegistry["histogram"]>;
  readonly #retries: ReturnType<MetricRegistry["counter"]>;
  readonly #conflicts: ReturnType<MetricRegistry["counter"]>;
  readonly #blocked: ReturnType<MetricRegistry["counter"]>;
  readonly #sources = new Set<() => Iterable<StepLoad>>();
  /** Steps by tenant, then by workflow, while there are few enough: runs of one workflow share them. */
  readonly #steps = new Map<string, Map<string, StepMetrics>>();

  constructor(registry: MetricRegistry) {
    this.registry = registry;
    this.#latency = registry.histogram(engineCatalogue.stepLatency);
    this.#retries = registry.counter(engineCatalogue.retries);
    this.#conflicts = registry.counter(engineCatalogue.mergeConflicts);
    this.#blocked = registry.counter(engineCatalogue.backpressureEvents);
    registry.gauge(engineCatalogue.inflightNodes, () => this.#read("running"));
    registry.gauge(engineCatalogue.queueDepth, () => this.#read("queued"));
  }

  stepsOf({ tenant, workflow }: MeteredWorkflow): StepMetrics {
    const ofTenant = this.#steps.get(tenant) ?? new Map<string, StepMetrics>();
    const known = ofTenant.get(workflow);
    if (known !== undefined) return known;
    const made = this.#make({ tenant, workflow_id: workflow });
    if (this.#steps.size < sharedMax && ofTenant.size < sharedMax)
      this.#steps.set(tenant, ofTenant.set(workflow, made));
    return made;
  }

  watch(read: () => Iterable<StepLoad>): () => void {
    this.#sources.add(read);
    return () => void this.#sources.delete(read);
  }

  #make(labels: { readonly tenant: string; readonly workflow_id: string }): StepMetrics {
    // Each is there from the start, at 0: a rate over a series that appears with its first event misses that event.
    const [retries, conflicts, blocked] = [
      this.#retries(labels),
      this.#conflicts(labels),
      this.#blocked(labels),
    ];
    for (const series of [retries, conflicts, blocked]) series.add(0);
    const byOutcome: Partial<Record<AttemptOutcome, HistogramSeries>> = {};
    return {
      attemptEnded: (latencyMs, outcome) => {
        byOutcome[outcome] ??= this.#latency({ ...labels, outcome });
        byOutcome[outcome].observe(latencyMs);
      },
      retried: () => retries.add(),
      conflicted: (count) => conflicts.add(count),
      blocked: () => blocked.add(),
    };
  }

  *#read(count: "running" | "queued"): Generator<GaugeReading, void, void> {
    for (const source of this.#sources) {
      for (const load of source())
        yield { labels: { tenant: load.tenant, workflow_id: load.workflow }, value: load[count] };
    }
  }
}

/** Tenants, and workflows of one, whose series are kept at hand; the series themselves are limited by the registry. */
const sharedMax = 256;
