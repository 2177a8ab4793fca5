import { ConfigError } from "@agentflow/core";

/** What `@duckdb/node-api` exports. */
export type DuckModule = typeof import("@duckdb/node-api");

/**
 * Loads DuckDB, which users of analytics install themselves. Throws ConfigError with the command that installs it when
 * it is missing.
 */
export async function loadDuckdb(
  load: () => Promise<DuckModule> = () => import("@duckdb/node-api"),
): Promise<DuckModule> {
  try {
    return await load();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    throw new ConfigError(
      missing
        ? "Analytics needs the package @duckdb/node-api."
        : "The package @duckdb/node-api cannot be loaded on this machine.",
      { cause: error, hint: "Install it: npm install @duckdb/node-api" },
    );
  }
}
