export type { HistogramSeries } from "./metrics/counted-histogram.ts";
export {
  closedLabels,
  engineCatalogue,
  refusedLabels,
  reservedNames,
  reservedPrefixes,
} from "./metrics/metric-catalogue.ts";
export type { MetricDefinition } from "./metrics/metric-definition.ts";
export {
  type CounterSeries,
  type GaugeReading,
  type Labels,
  MetricRegistry,
  type MetricRegistryOptions,
} from "./metrics/metric-registry.ts";
export { type PrometheusMetrics, prometheusMetrics } from "./metrics/prometheus-metrics.ts";
export { type MetricsAddress, type MetricsServer, serveMetrics } from "./metrics/serve-metrics.ts";
