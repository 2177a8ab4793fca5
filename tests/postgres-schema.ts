import { randomUUID } from "node:crypto";
import pg from "pg";

// The server that `service("postgres")` looks for.
const serverUrl = "postgres://postgres@127.0.0.1:5432/test";

/** A schema for one test, so that tests that run at the same time do not meet. */
export interface TemporarySchema {
  /** Also the name of the applications that its URL opens. */
  readonly name: string;
  readonly url: string;
  execute(statement: string): Promise<void>;
  drop(): Promise<void>;
}

/** Creates a schema, and a URL that opens stores in it. */
export async function temporarySchema(): Promise<TemporarySchema> {
  const name = `af_test_${randomUUID().replaceAll("-", "")}`;
  // No test outlives its server, so none waits for the disk.
  const options = encodeURIComponent(`-c search_path=${name} -c synchronous_commit=off`);
  const url = `${serverUrl}?application_name=${name}&options=${options}`;
  const execute = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await execute(`CREATE SCHEMA ${name}`);
  return { name, url, execute, drop: () => execute(`DROP SCHEMA ${name} CASCADE`) };
}
