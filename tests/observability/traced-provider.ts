import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";

/** Registers the SDK of OpenTelemetry for this process, which sends spans to this address: in batches, or each at once. */
export function tracedProvider(url: string, sending: "batches" | "at once" = "batches"): NodeTracerProvider {
  const exporter = new OTLPTraceExporter({ url });
  const processor =
    sending === "batches" ? new BatchSpanProcessor(exporter) : new SimpleSpanProcessor(exporter);
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  return provider;
}
