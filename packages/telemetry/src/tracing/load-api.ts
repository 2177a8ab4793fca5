import { ConfigError } from "@agentflow/core";

/** What `@opentelemetry/api` exports. */
export type Api = typeof import("@opentelemetry/api");

/** Loads the API of OpenTelemetry, which only those install who want traces. Rejects with ConfigError without it. */
export async function loadApi(): Promise<Api> {
  try {
    return await import("@opentelemetry/api");
  } catch (error) {
    throw new ConfigError("Traces need the package @opentelemetry/api, which is not installed.", {
      hint: "npm install @opentelemetry/api, and an SDK that takes the spans.",
      cause: error,
    });
  }
}
