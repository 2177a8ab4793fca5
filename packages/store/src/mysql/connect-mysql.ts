import { ConfigError } from "@agentflow/core";
import type { Connection } from "mysql2/promise";
import { loadDriver } from "../sql/load-driver.ts";
import { mysqlError } from "./mysql-error.ts";

const connectTimeoutMs = 5_000;

/** Throws ConfigError unless the URL names a database. */
export function checkMysqlUrl(url: string): void {
  if (URL.canParse(url) && new URL(url).pathname.length > 1) return;
  // The URL itself may hold a password.
  throw new ConfigError("The URL of the MySQL store names no database.", {
    hint: "Use mysql://USER@HOST/DATABASE.",
  });
}

/**
 * One connection of its own to a MySQL or MariaDB server, for work that is not a run's. Throws ConfigError for a missing
 * driver or a URL without a database, StoreUnavailableError when the server does not answer.
 */
export async function connectMysql(url: string): Promise<Connection> {
  checkMysqlUrl(url);
  const mysql = await loadDriver("mysql2", () => import("mysql2/promise"));
  try {
    const connection = await mysql.createConnection({
      uri: url,
      connectTimeout: connectTimeoutMs,
      charset: "utf8mb4",
      supportBigNumbers: true,
    });
    // A query in flight is told by its own promise; without a listener the process would end.
    connection.on("error", () => undefined);
    return connection;
  } catch (error) {
    throw mysqlError(error);
  }
}
