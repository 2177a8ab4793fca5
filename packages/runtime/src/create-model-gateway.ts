import type { GatewayOptions, ModelGateway } from "@agentflow/models";
import { loadConfiguration } from "./configuration/load-configuration.ts";
import { gatewayOptionsOf } from "./configuration/model-settings.ts";
import { systemClock } from "./host/system-clock.ts";

/**
 * A gateway to models with the settings of the environment and of the configuration file in the current folder, over
 * which the options given win (MDL-1, RUN-40). Keys are taken from the environment alone. Rejects with ConfigError for a
 * setting that is not valid.
 */
export async function createModelGateway(
  options: GatewayOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ModelGateway> {
  const { values } = await loadConfiguration({ environment, directory: process.cwd() });
  const { ModelGateway } = await import("@agentflow/models");
  const settings = gatewayOptionsOf(values);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const timeouts = { ...settings.timeouts, ...options.timeouts };
  return new ModelGateway({ ...settings, ...given, timeouts }, { clock: systemClock, environment });
}
