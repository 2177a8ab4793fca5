import { ConfigError } from "@agentflow/core";
import type { EngineOptions } from "../engine-options.ts";
import { directoriesBeside } from "../open-backend.ts";
import { findConfigurationFile, readConfigurationFile } from "./configuration-file.ts";
import { type MetricsSettings, metricsKeys, metricsOf } from "./metrics-settings.ts";
import { modelKeys } from "./model-settings.ts";
import { readSetting } from "./read-setting.ts";
import { retentionKeys, retentionOf } from "./retention-settings.ts";
import { type Setting, type SettingKey, settings } from "./settings.ts";

/** Where configuration is looked for. A flag is given under its setting's key. */
export interface ConfigurationSources {
  readonly flags?: Partial<Readonly<Record<SettingKey, string | number | undefined>>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder in which a configuration file is looked for. */
  readonly directory: string;
  /** A configuration file to use instead. */
  readonly file?: string | undefined;
}

/** The value of a setting and where it came from. */
export interface ConfiguredValue {
  readonly key: SettingKey;
  readonly value: string | number | undefined;
  readonly source: "flag" | "environment" | "file" | "default";
  /** The variable or file that gave it; empty for a flag and a default. */
  readonly origin: string;
}

/** Every setting with its source, and the same as options of an engine. */
export interface Configuration {
  readonly values: readonly ConfiguredValue[];
  /** The configuration file that was read, if any. */
  readonly file: string | undefined;
  readonly options: EngineOptions;
  /** Where metrics are to be served, if they are. */
  readonly metrics: MetricsSettings | undefined;
}

function choose(
  setting: Setting & { key: SettingKey },
  sources: ConfigurationSources,
  fileValues: Record<string, unknown>,
  file: string | undefined,
): ConfiguredValue {
  const { key, variable, fallback } = setting;
  const flag = sources.flags?.[key];
  if (flag !== undefined) {
    return { key, value: readSetting(setting, flag, "the command line"), source: "flag", origin: "" };
  }
  const given = sources.environment?.[variable];
  // An empty variable counts as not set: that is how a shell or a compose file unsets one.
  if (given !== undefined && given !== "") {
    return { key, value: readSetting(setting, given, variable), source: "environment", origin: variable };
  }
  if (file !== undefined && fileValues[key] !== undefined) {
    return { key, value: readSetting(setting, fileValues[key], file), source: "file", origin: file };
  }
  return { key, value: fallback, source: "default", origin: "" };
}

// A limit that nobody has set must not win over what a workflow declares for itself (ENG-14).
function isOption({ value, source }: ConfiguredValue): boolean {
  return value !== undefined && (source !== "default" || typeof value === "string");
}

function refuseUnknownKeys(fileValues: Record<string, unknown>, file: string): void {
  const known = new Set<string>(settings.map((setting) => setting.key));
  const unknown = Object.keys(fileValues).filter((key) => !known.has(key));
  if (unknown.length === 0) return;
  throw new ConfigError(`${file} sets ${unknown.join(", ")}, which does not exist.`, {
    hint: `Settings are ${[...known].join(", ")}.`,
  });
}

/**
 * Puts the configuration together: flags over environment over file over defaults (RUN-40). Throws ConfigError that
 * names the key and where its value came from.
 */
export async function loadConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const file = sources.file ?? findConfigurationFile(sources.directory);
  const fileValues = file === undefined ? {} : await readConfigurationFile(file);
  if (file !== undefined) refuseUnknownKeys(fileValues, file);
  const values = settings.map((setting) => choose(setting, sources, fileValues, file));
  const options: Record<string, unknown> = Object.fromEntries(
    values.filter(isOption).map(({ key, value }) => [key, value]),
  );
  if (options["runsDirectory"] === "off") delete options["runsDirectory"];
  for (const key of [...retentionKeys, ...modelKeys, ...metricsKeys]) delete options[key];
  const beside = directoriesBeside(options["store"] as string);
  const retention = retentionOf(values);
  return { values, file, options: { ...beside, ...options, retention }, metrics: metricsOf(values) };
}
