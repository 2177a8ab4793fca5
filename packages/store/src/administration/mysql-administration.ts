import type { Connection, RowDataPacket } from "mysql2/promise";
import {
  hasMysqlTable,
  migrateMysql,
  mysqlMigrations,
  readMysqlApplied,
  readMysqlVersion,
} from "../migrations/migrate-mysql.ts";
import { connectMysql } from "../mysql/connect-mysql.ts";
import { mysqlError } from "../mysql/mysql-error.ts";
import { ownerOf, type StoreAdministration } from "./store-administration.ts";

/** The administration of a database of a MySQL or MariaDB server, over one connection. */
export async function mysqlAdministration(url: string): Promise<StoreAdministration> {
  const connection = await connectMysql(url);
  const typed = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw mysqlError(error);
    }
  };
  return {
    migrations: mysqlMigrations,
    version: () => typed(readMysqlVersion(connection)),
    applied: () => typed(readMysqlApplied(connection)),
    migrate: (target) => typed(migrateMysql(connection, target)),
    owners: () => typed(rowsIn(connection, "af_owners").then((rows) => rows.map(ownerOf))),
    async countRuns() {
      const [row] = await typed(rowsIn(connection, "af_runs", "COUNT(*) AS runs"));
      return Number(row?.["runs"] ?? 0);
    },
    close: () => connection.end(),
  };
}

async function rowsIn(connection: Connection, table: string, columns = "*"): Promise<RowDataPacket[]> {
  if (!(await hasMysqlTable(connection, table))) return [];
  return (await connection.query<RowDataPacket[]>(`SELECT ${columns} FROM ${table}`))[0];
}
