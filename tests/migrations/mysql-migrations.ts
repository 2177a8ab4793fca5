import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import {
  migrateMysql,
  mysqlMigrations,
  readMysqlApplied,
  readMysqlVersion,
} from "../../packages/store/src/migrations/migrate-mysql.ts";
import { temporaryDatabase } from "../mysql-database.ts";
import { digest, type MigrationKind, ProcessEnded, recordTables, untilEnded } from "./migration-database.ts";

/** Migrations of databases of a MariaDB server. */
export const mysqlMigrationKind: MigrationKind = {
  key: "mysql",
  name: "MariaDB",
  service: "mariadb",
  migrations: mysqlMigrations,
  stride: 1,
  async create() {
    const database = await temporaryDatabase();
    const connected = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
      const connection = await mysql.createConnection(database.url);
      try {
        return await work(connection);
      } finally {
        connection.destroy();
      }
    };
    return {
      url: database.url,
      migrate: (target) => connected((connection) => migrateMysql(connection, target)),
      migrateUntil: (target, statements) =>
        connected((connection) =>
          untilEnded(() => migrateMysql(endingAfter(connection, statements), target)),
        ),
      version: () => connected(readMysqlVersion),
      applied: () => connected(readMysqlApplied),
      schema: () => connected(describeMysql),
      rows: () => connected(rowsOf),
      execute: database.execute,
      drop: database.drop,
    };
  },
};

// What changed the schema stays when the connection ends.
function endingAfter(connection: Connection, statements: number): Connection {
  let left = statements;
  const query = async (...given: Parameters<Connection["query"]>) => {
    if (left-- > 0) return connection.query(...given);
    connection.destroy();
    throw new ProcessEnded();
  };
  return new Proxy(connection, {
    get: (target, key) => (key === "query" ? query : Reflect.get(target, key, target)),
  });
}

async function tablesOf(connection: Connection): Promise<readonly string[]> {
  const [tables] = await connection.query<RowDataPacket[]>("SHOW TABLES");
  return tables.map((table) => String(Object.values(table)[0]));
}

async function describeMysql(connection: Connection): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const table of await tablesOf(connection)) {
    const [rows] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${table}\``);
    const text = String(rows[0]?.["Create Table"]).replace(/ AUTO_INCREMENT=\d+/, "");
    lines.push(...text.split("\n").map((line) => `${table}: ${line.replace(/,$/, "")}`));
  }
  const [columns] = await connection.query<RowDataPacket[]>(
    `SELECT table_name, column_name, column_type, is_nullable, column_default, collation_name, extra,
        generation_expression FROM information_schema.columns WHERE table_schema = DATABASE()`,
  );
  const [indexes] = await connection.query<RowDataPacket[]>(
    `SELECT table_name, index_name, non_unique, seq_in_index, column_name, collation, sub_part, index_type
      FROM information_schema.statistics WHERE table_schema = DATABASE()`,
  );
  return [...lines, ...[...columns, ...indexes].map((row) => JSON.stringify(row))].sort();
}

async function rowsOf(connection: Connection): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of await tablesOf(connection)) {
    if (!table.startsWith("af_") || recordTables.has(table)) continue;
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
    found[table] = digest(rows);
  }
  return found;
}
