import { ConfigError } from "@agentflow/core";

/**
 * Loads the driver of a database, which users install themselves. Throws ConfigError with the command that installs
 * it when it is missing.
 */
export async function loadDriver<Driver>(name: string, load: () => Promise<Driver>): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    throw new ConfigError(
      missing ? `This store needs the package ${name}.` : `The package ${name} cannot be loaded.`,
      { cause: error, hint: `Install it: npm install ${name}` },
    );
  }
}
