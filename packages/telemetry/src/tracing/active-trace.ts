import { loadApi } from "./load-api.ts";

/**
 * Gives what tells the trace and span in which a line is logged, for `jsonLogger({ context })`. Rejects with ConfigError
 * where `@opentelemetry/api` is not installed.
 */
export async function activeTrace(): Promise<
  () => { readonly trace_id?: string; readonly span_id?: string }
> {
  const { isSpanContextValid, trace } = await loadApi();
  return () => {
    const context = trace.getActiveSpan()?.spanContext();
    if (context === undefined || !isSpanContextValid(context)) return {};
    return { trace_id: context.traceId, span_id: context.spanId };
  };
}
