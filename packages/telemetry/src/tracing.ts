export { activeTrace } from "./tracing/active-trace.ts";
export { type OpenTelemetryOptions, openTelemetry } from "./tracing/open-telemetry.ts";
