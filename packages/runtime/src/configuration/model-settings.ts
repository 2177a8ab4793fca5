import type { GatewayOptions } from "@agentflow/models";
import type { ConfiguredValue } from "./load-configuration.ts";
import type { SettingKey } from "./settings.ts";

/** The settings of model calls: options of a gateway, and not of an engine. */
export const modelKeys = [
  "models",
  "modelHosts",
  "providerTimeoutS",
  "modelRetriesMax",
  "breakerThreshold",
  "breakerCooldownS",
] as const satisfies readonly SettingKey[];

/** Options of a gateway from the settings that say how models are called. */
export function gatewayOptionsOf(values: readonly ConfiguredValue[]): GatewayOptions {
  const found = new Map(values.map(({ key, value }) => [key, value]));
  const number = (key: SettingKey): number => Number(found.get(key));
  const timeoutMs = number("providerTimeoutS") * 1_000;
  const hosts = String(found.get("modelHosts") ?? "")
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  return {
    enabled: found.get("models") !== "off",
    timeouts: { callMs: timeoutMs, connectMs: timeoutMs, idleMs: timeoutMs },
    retriesMax: number("modelRetriesMax"),
    breaker: { threshold: number("breakerThreshold"), cooldownMs: number("breakerCooldownS") * 1_000 },
    ...(hosts.length === 0 ? {} : { residency: { hosts } }),
  };
}
