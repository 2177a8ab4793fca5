import type { EngineMetrics } from "@agentflow/core";
import type { Configuration } from "./configuration/load-configuration.ts";

/** Metrics that are being served. */
export interface OpenedMetrics extends AsyncDisposable {
  /** To be given to an engine. */
  readonly metrics: EngineMetrics;
  /** Where Prometheus finds them. */
  readonly url: string;
}

/**
 * Serves metrics where the configuration wants them; undefined where it does not. The caller disposes of them. Rejects
 * with ConfigError where the port cannot be had.
 */
export async function openMetrics({
  metrics: address,
}: Pick<Configuration, "metrics">): Promise<OpenedMetrics | undefined> {
  if (address === undefined) return undefined;
  const { prometheusMetrics, serveMetrics } = await import("@agentflow/telemetry/metrics");
  const metrics = prometheusMetrics();
  const server = await serveMetrics(metrics, address);
  return { metrics, url: server.url, [Symbol.asyncDispose]: () => server.close() };
}
