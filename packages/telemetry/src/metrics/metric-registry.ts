import { ValidationError } from "@agentflow/core";
import { Counter, Gauge, Registry } from "prom-client";
import { CountedHistogram, type HistogramSeries } from "./counted-histogram.ts";
import { LabelValues, type SeriesLimits } from "./label-values.ts";
import { closedLabels, engineCatalogue, refusedLabels, reservedNames } from "./metric-catalogue.ts";
import { differenceOf, type MetricDefinition } from "./metric-definition.ts";

const catalogued = new Map<string, MetricDefinition>(
  Object.values(engineCatalogue).map((definition) => [definition.name, definition]),
);

/** Limits of a registry. */
export interface MetricRegistryOptions {
  /** Values that one label of one metric may have; 200 if not given. The rest is counted as "other". */
  readonly labelValuesMax?: number | undefined;
  /** Combinations of label values that one metric may have; 2,000 if not given. */
  readonly seriesMax?: number | undefined;
}

/** Values of a metric's labels by name. */
export type Labels = Readonly<Record<string, string>>;

/** A value at the moment of reading, for these labels. */
export interface GaugeReading {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a counter. */
export interface CounterSeries {
  add(by?: number): void;
}

interface Registered {
  readonly definition: MetricDefinition;
  readonly values: LabelValues;
}

/**
 * Metrics of one process in the exposition format of Prometheus, held by prom-client.
 *
 * 1. One name has one shape: type, labels and buckets. Names that the platform keeps have the type it keeps them for.
 * 2. The number of series of a metric is bounded, whatever its labels are given.
 */
export class MetricRegistry {
  readonly #registry = new Registry();
  readonly #limits: SeriesLimits;
  readonly #registered = new Map<string, Registered>();
  readonly #counters = new Map<string, Counter>();
  readonly #histograms = new Map<string, CountedHistogram>();
  readonly #sources = new Map<string, Set<() => Iterable<GaugeReading>>>();

  /** Throws ValidationError for a limit that is no whole number from 1. */
  constructor({ labelValuesMax = 200, seriesMax = 2_000 }: MetricRegistryOptions = {}) {
    checkLimit("labelValuesMax", labelValuesMax);
    checkLimit("seriesMax", seriesMax);
    this.#limits = { labelValuesMax, seriesMax };
  }

  /** The type of the text, for an HTTP response. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** What `/metrics` serves. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** The counter of this definition, which gives its series. Throws ValidationError where the guard refuses it. */
  counter(definition: MetricDefinition): (labels: Labels) => CounterSeries {
    const { values, labelNames, name, help } = this.#register(definition, "counter");
    const known = this.#counters.get(name);
    const counter = known ?? new Counter({ name, help, labelNames, registers: [this.#registry] });
    this.#counters.set(name, counter);
    return (labels) => {
      const series = counter.labels(...values.of(labels));
      return { add: (by = 1) => series.inc(by) };
    };
  }

  /** The histogram of this definition, which gives its series. Throws ValidationError where the guard refuses it. */
  histogram(definition: MetricDefinition): (labels: Labels) => HistogramSeries {
    const { values, labelNames, name, help } = this.#register(definition, "histogram");
    const { buckets = [] } = definition;
    const known = this.#histograms.get(name);
    const histogram = known ?? new CountedHistogram({ name, help, labelNames, buckets });
    if (known === undefined) histogram.registerIn(this.#registry);
    this.#histograms.set(name, histogram);
    return (labels) => histogram.series(values.of(labels));
  }

  /**
   * Has a gauge read from here, until the returned function is called; readings of the same labels add up. A series that
   * is not read any more is 0. Throws ValidationError where the guard refuses the definition.
   */
  gauge(definition: MetricDefinition, read: () => Iterable<GaugeReading>): () => void {
    const { values, labelNames, name, help } = this.#register(definition, "gauge");
    const sources = this.#sources.get(name) ?? new Set();
    if (!this.#sources.has(name)) {
      this.#sources.set(name, sources);
      const series = new Map<string, readonly string[]>();
      const collect = function (this: Gauge): void {
        for (const held of series.values()) this.labels(...held).set(0);
        for (const source of sources) {
          for (const { labels, value } of source()) {
            const held = values.of(labels);
            series.set(JSON.stringify(held), held);
            this.labels(...held).inc(value);
          }
        }
      };
      const registers = [this.#registry];
      new Gauge({ name, help, labelNames, registers, collect });
    }
    sources.add(read);
    return () => void sources.delete(read);
  }

  #register(
    definition: MetricDefinition,
    type: MetricDefinition["type"],
  ): Registered & { readonly name: string; readonly help: string; readonly labelNames: string[] } {
    const { name, help, labels } = definition;
    const known = this.#registered.get(name);
    const taken = known?.definition ?? catalogued.get(name);
    const problem = problemOf(definition, type, taken);
    if (problem !== undefined) {
      throw new ValidationError("AF_ARGUMENT_INVALID", `The metric ${name} ${problem}.`, {
        hint: "docs/metrics.md lists the names that are taken.",
        context: { metric: name },
      });
    }
    const registered = known ?? {
      definition,
      values: new LabelValues(labels, closedLabels, this.#limits),
    };
    this.#registered.set(name, registered);
    return { ...registered, name, help, labelNames: [...labels] };
  }
}

function problemOf(
  definition: MetricDefinition,
  type: MetricDefinition["type"],
  known: MetricDefinition | undefined,
): string | undefined {
  const { name, labels } = definition;
  if (definition.type !== type) return `is a ${definition.type}, and was asked for as a ${type}`;
  const reserved = reservedNames[name];
  if (reserved !== undefined && reserved !== type) return `is kept for a ${reserved}, not a ${type}`;
  const refused = labels.find((label) => refusedLabels.includes(label));
  if (refused !== undefined) return `must not have the label ${refused}: it has a value for each run`;
  const difference = known === undefined ? undefined : differenceOf(known, definition);
  return difference === undefined ? undefined : `has another shape already: ${difference}`;
}

function checkLimit(name: string, limit: number): void {
  if (Number.isSafeInteger(limit) && limit >= 1) return;
  throw new ValidationError("AF_ARGUMENT_INVALID", `${name} must be a whole number from 1, not ${limit}.`, {
    context: { name, found: limit },
  });
}
