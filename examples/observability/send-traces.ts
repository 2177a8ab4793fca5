import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

/** Where traces go while it is open. */
export interface SentTraces extends AsyncDisposable {
  readonly url: string;
}

/**
 * Sets up the SDK of OpenTelemetry: spans go to `OTEL_EXPORTER_OTLP_ENDPOINT`, such as http://127.0.0.1:4318. Without the
 * variable there are no traces.
 */
export async function sendTraces(): Promise<SentTraces | undefined> {
  const url = process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  if (url === undefined || url === "") return undefined;
  process.env["OTEL_SERVICE_NAME"] ??= "observability-example";
  // The exporter reads the variable by itself, and so does the provider the name of the service.
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return { url, [Symbol.asyncDispose]: () => provider.shutdown() };
}
