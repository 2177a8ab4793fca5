import { ConfigError } from "@agentflow/core";
import type { Client } from "pg";
import { loadDriver } from "../sql/load-driver.ts";
import { postgresError } from "./postgres-error.ts";

const connectTimeoutMs = 5_000;

/**
 * One connection of its own to a PostgreSQL server, for work that is not a run's. Throws ConfigError for a missing
 * driver or a URL that cannot be read, StoreUnavailableError when the server does not answer.
 */
export async function connectPostgres(url: string): Promise<Client> {
  const { default: pg } = await loadDriver("pg", () => import("pg"));
  let client: Client;
  try {
    client = new pg.Client({
      connectionString: url,
      application_name: "agentflow",
      connectionTimeoutMillis: connectTimeoutMs,
    });
  } catch (error) {
    // The URL itself may hold a password.
    throw new ConfigError("The URL of the PostgreSQL store cannot be read.", { cause: error });
  }
  // A query in flight is told by its own promise; without a listener the process would end.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw postgresError(error);
  }
}
