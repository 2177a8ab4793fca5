import type { ConfiguredValue } from "./load-configuration.ts";
import type { SettingKey } from "./settings.ts";

/** The settings that say where metrics are served. */
export const metricsKeys = ["metricsPort", "metricsHost"] as const satisfies readonly SettingKey[];

/** Where metrics are to be served. */
export interface MetricsSettings {
  readonly port: number;
  readonly host: string;
}

/** Where the settings want metrics served; undefined without a port. */
export function metricsOf(values: readonly ConfiguredValue[]): MetricsSettings | undefined {
  const given = new Map(values.map(({ key, value }) => [key, value]));
  const port = given.get("metricsPort");
  return port === undefined ? undefined : { port: Number(port), host: String(given.get("metricsHost")) };
}
