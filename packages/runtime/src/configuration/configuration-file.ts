import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "@agentflow/core";

/** Names of the project's configuration file; one of them at most may exist. */
const configurationFileNames = [
  "agentflow.config.ts",
  "agentflow.config.yaml",
  "agentflow.config.json",
] as const;

/** Finds the configuration file of a folder, if there is one. Throws ConfigError if there are several. */
export function findConfigurationFile(directory: string): string | undefined {
  const found = configurationFileNames.filter((name) => existsSync(join(directory, name)));
  if (found.length > 1) {
    throw new ConfigError(`${directory} holds ${found.join(" and ")}.`, { hint: "Keep one of them." });
  }
  return found[0] === undefined ? undefined : resolve(directory, found[0]);
}

async function parse(file: string): Promise<unknown> {
  switch (extname(file)) {
    case ".ts": {
      const module: Record<string, unknown> = await import(pathToFileURL(file).href);
      return module["default"] ?? module["config"];
    }
    case ".yaml": {
      const { parse: parseYaml } = await import("yaml");
      return parseYaml(await readFile(file, "utf8"));
    }
    case ".json":
      return JSON.parse(await readFile(file, "utf8"));
    default:
      throw new ConfigError(`${file} is no TypeScript, YAML or JSON file.`, {
        hint: "Name a .ts, .yaml or .json file.",
      });
  }
}

/**
 * Reads a configuration file as an object of settings; an empty YAML file has none. A TypeScript file exports them as
 * `default` or `config`. Throws ConfigError if the file cannot be read or holds something else.
 */
export async function readConfigurationFile(file: string): Promise<Record<string, unknown>> {
  let content: unknown;
  try {
    content = await parse(file);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${file} cannot be read: ${reason.split("\n", 1)[0]}`, {
      cause,
      hint: "Mend the file, or name another one.",
    });
  }
  if (content === null || (content === undefined && extname(file) !== ".ts")) return {};
  if (typeof content === "object" && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new ConfigError(`${file} holds no object of settings.`, {
    hint: "Write one setting per key; `af config` lists the keys. A TypeScript file exports `config`.",
  });
}
