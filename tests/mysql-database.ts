import { randomUUID } from "node:crypto";
import { createConnection } from "mysql2/promise";

// The server that `service("mariadb")` looks for.
const serverUrl = "mysql://root@127.0.0.1:3306";

/** A database for one test or file, so that tests that run at the same time do not meet. */
export interface TemporaryDatabase {
  readonly name: string;
  readonly url: string;
  execute(...statements: readonly string[]): Promise<void>;
  drop(): Promise<void>;
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

/** Creates a database, and a URL that opens stores in it. */
export async function temporaryDatabase(): Promise<TemporaryDatabase> {
  const name = `af_test_${randomUUID().replaceAll("-", "")}`;
  await execute(serverUrl, [`CREATE DATABASE ${name}`]);
  const url = `${serverUrl}/${name}`;
  return {
    name,
    url,
    execute: (...statements) => execute(url, statements),
    drop: () => execute(serverUrl, [`DROP DATABASE ${name}`]),
  };
}
