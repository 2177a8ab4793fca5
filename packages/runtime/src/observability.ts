export {
  type CounterSeries,
  type GaugeReading,
  type HistogramSeries,
  type Labels,
  type MetricDefinition,
  MetricRegistry,
  type MetricRegistryOptions,
  type MetricsAddress,
  type MetricsServer,
  type PrometheusMetrics,
  prometheusMetrics,
  serveMetrics,
} from "@agentflow/telemetry/metrics";
export { activeTrace, type OpenTelemetryOptions, openTelemetry } from "@agentflow/telemetry/tracing";
