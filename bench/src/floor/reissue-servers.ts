import { createConnection } from "mysql2/promise";
import pg from "pg";
import type { Reissue } from "./reissue.ts";
import type { ServerCall } from "./statement-log.ts";

type Calls = { readonly setup: readonly ServerCall[]; readonly measured: readonly ServerCall[] };

interface Connection {
  issue(call: ServerCall): Promise<unknown>;
  end(): Promise<void>;
}

/** Issues calls again on PostgreSQL, each over its own connection, one after the other. */
export function reissuePostgres(log: Calls, url: string): Promise<Reissue> {
  return prepare(log, async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return {
      issue: ({ query, values }) => client.query(query as string, values as unknown[]),
      end: () => client.end(),
    };
  });
}

/** Issues calls again on MySQL or MariaDB, each over its own connection, one after the other. */
export function reissueMysql(log: Calls, url: string): Promise<Reissue> {
  return prepare(log, async () => {
    const connection = await createConnection({
      uri: url,
      charset: "utf8mb4",
      supportBigNumbers: true,
      multipleStatements: true,
    });
    return {
      issue: ({ method, query, values }) =>
        method === "execute"
          ? connection.execute(query as string, values as never)
          : connection.query(query as string, values as never),
      end: () => connection.end(),
    };
  });
}

async function prepare(log: Calls, connect: () => Promise<Connection>): Promise<Reissue> {
  const connections = new Map<number, Connection>();
  for (const call of [...log.setup, ...log.measured])
    if (!connections.has(call.connection)) connections.set(call.connection, await connect());
  const issue = (call: ServerCall) => connections.get(call.connection)?.issue(call);
  for (const call of log.setup) await issue(call);
  return {
    async measured() {
      for (const call of log.measured) await issue(call);
    },
    async close() {
      for (const connection of connections.values()) await connection.end();
    },
  };
}
