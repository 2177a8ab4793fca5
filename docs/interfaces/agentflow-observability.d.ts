import { Tracer } from "@opentelemetry/api";

// ../telemetry/src/metrics/counted-histogram.d.ts
/** One series of a histogram. */
interface HistogramSeries {
  observe(value: number): void;
}
/** What a metric counts or measures, and by which labels. */
interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
}
/** Limits of a registry. */
interface MetricRegistryOptions {
  /** Values that one label of one metric may have; 200 if not given. The rest is counted as "other". */
  readonly labelValuesMax?: number | undefined;
  /** Combinations of label values that one metric may have; 2,000 if not given. */
  readonly seriesMax?: number | undefined;
}
/** Values of a metric's labels by name. */
type Labels = Readonly<Record<string, string>>;
/** A value at the moment of reading, for these labels. */
interface GaugeReading {
  readonly labels: Labels;
  readonly value: number;
}
/** One series of a counter. */
interface CounterSeries {
  add(by?: number): void;
}
/**
 * Metrics of one process in the exposition format of Prometheus, held by prom-client.
 *
 * 1. One name has one shape: type, labels and buckets. Names that the platform keeps have the type it keeps them for.
 * 2. The number of series of a metric is bounded, whatever its labels are given.
 */
declare class MetricRegistry {
  #private;
  /** Throws ValidationError for a limit that is no whole number from 1. */
  constructor({
    labelValuesMax,
    seriesMax
  }?: MetricRegistryOptions);
  /** The type of the text, for an HTTP response. */
  get contentType(): string;
  /** What `/metrics` serves. */
  text(): Promise<string>;
  /** The counter of this definition, which gives its series. Throws ValidationError where the guard refuses it. */
  counter(definition: MetricDefinition): (labels: Labels) => CounterSeries;
  /** The histogram of this definition, which gives its series. Throws ValidationError where the guard refuses it. */
  histogram(definition: MetricDefinition): (labels: Labels) => HistogramSeries;
  /**
   * Has a gauge read from here, until the returned function is called; readings of the same labels add up. A series that
   * is not read any more is 0. Throws ValidationError where the guard refuses the definition.
   */
  gauge(definition: MetricDefinition, read: () => Iterable<GaugeReading>): () => void;
}
/** Values that a span carries; what is undefined is left out. */
type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;
/** A span that is to begin. */
interface SpanRequest {
  readonly name: string;
  /**
   * The span that it is in: one of this process, or what carried one here (`TracedSpan.carrier`). Without it, the one
   * that is active where it begins, if any.
   */
  readonly parent: TracedSpan | string | undefined;
  readonly attributes: SpanAttributes;
  /** Wall-clock milliseconds of what is told afterwards; now, if not given. */
  readonly startedAt?: number | undefined;
}
/** A span that has begun. No call throws; none after `end` has an effect. */
interface TracedSpan {
  /** What carries it to another process: `traceparent` of W3C Trace Context. Undefined if there is nothing to carry. */
  readonly carrier: string | undefined;
  /** Adds attributes; a name replaces its own. */
  set(attributes: SpanAttributes, name?: string): void;
  /** What it is of went wrong. */
  fail(code: string, message: string): void;
  /** Calls `work` so that spans which begin in it, also later, are within this one. */
  within<T>(work: () => T): T;
  end(): void;
}
/** Takes the spans of engines (OBS-2). */
interface Tracing {
  begin(request: SpanRequest): TracedSpan;
}
/** How an attempt left its place: it ended, was stopped, or waits for the outside without one (S12-S14). */
type AttemptOutcome = "succeeded" | "failed" | "cancelled" | "waiting";
/** Whose steps are counted. */
interface MeteredWorkflow {
  readonly tenant: string;
  readonly workflow: string;
}
/** How many steps of a run go on, and how many wait to start, at this moment (S14). */
interface StepLoad extends MeteredWorkflow {
  readonly running: number;
  readonly queued: number;
}
/** Counts and measures steps. Every call is cheap and never throws: it is made between two steps of a run. */
interface StepMetrics {
  /** An attempt gave its place back. Milliseconds, with their fraction. */
  attemptEnded(latencyMs: number, outcome: AttemptOutcome): void;
  /** A failed attempt is to be followed by another one (S9). */
  retried(): void;
  /** A seal met so many conflicts, settled or not (S18). */
  conflicted(count: number): void;
  /** A full queue blocked whoever feeds it (S14). */
  blocked(): void;
}
/** Takes the metrics of engines (OBS-1); several engines may share one. */
interface EngineMetrics {
  /** What counts the steps of a workflow's runs; asked for once per run. */
  stepsOf(workflow: MeteredWorkflow): StepMetrics;
  /** Has `read` called whenever somebody reads the metrics, until the returned function is called. */
  watch(read: () => Iterable<StepLoad>): () => void;
}
/** Metrics that an engine fills and Prometheus reads; further ones of your own may be registered beside them. */
interface PrometheusMetrics extends EngineMetrics {
  readonly registry: MetricRegistry;
}
/**
 * Makes the place where engines put their metrics (OBS-1): give it to `createEngine`, and `serveMetrics` or
 * `registry.text()` to Prometheus. Throws ValidationError for a limit that is no whole number from 1.
 */
declare function prometheusMetrics(options?: MetricRegistryOptions): PrometheusMetrics;
/** Where metrics are served. */
interface MetricsAddress {
  /** 0 takes any port that is free. */
  readonly port: number;
  /** The interface to listen on; 127.0.0.1 if not given, so that nothing is shown to the network unasked. */
  readonly host?: string | undefined;
}
/** A server of metrics; `await using`, or `close()`. */
interface MetricsServer extends AsyncDisposable {
  /** Where Prometheus finds them. */
  readonly url: string;
  close(): Promise<void>;
}
/**
 * Serves metrics at `/metrics` over HTTP (OBS-1). The server alone does not keep the process going. Rejects with
 * ConfigError where it cannot listen.
 */
declare function serveMetrics(metrics: Pick<PrometheusMetrics, "registry">, {
  port,
  host
}: MetricsAddress): Promise<MetricsServer>;
/**
 * Gives what tells the trace and span in which a line is logged, for `jsonLogger({ context })`. Rejects with ConfigError
 * where `@opentelemetry/api` is not installed.
 */
declare function activeTrace(): Promise<() => {
  readonly trace_id?: string;
  readonly span_id?: string;
}>;
/** Which tracer makes the spans. */
interface OpenTelemetryOptions {
  /** The tracer of the provider that is registered globally, if not given. */
  readonly tracer?: Tracer | undefined;
}
/**
 * Makes spans with OpenTelemetry (OBS-2). What becomes of them is decided by the SDK that the program sets up: without
 * one they cost little and go nowhere. Rejects with ConfigError where `@opentelemetry/api` is not installed.
 */
declare function openTelemetry({
  tracer
}?: OpenTelemetryOptions): Promise<Tracing>;
export {
  type CounterSeries,
  type GaugeReading,
  type HistogramSeries,
  type Labels,
  type MetricDefinition,
  type MetricRegistry,
  type MetricRegistryOptions,
  type MetricsAddress,
  type MetricsServer,
  type OpenTelemetryOptions,
  type PrometheusMetrics,
  activeTrace,
  openTelemetry,
  prometheusMetrics,
  serveMetrics,
};
