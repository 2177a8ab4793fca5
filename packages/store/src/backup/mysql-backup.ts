import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { StoreFailedError, StoreReadOnlyError, sha256Hex } from "@agentflow/core";
import type { Connection, RowDataPacket } from "mysql2/promise";
import {
  lockMysqlMigrations,
  migrateMysql,
  mysqlMigrations,
  readMysqlVersion,
  unlockMysqlMigrations,
} from "../migrations/migrate-mysql.ts";
import { connectMysql } from "../mysql/connect-mysql.ts";
import { mysqlError } from "../mysql/mysql-error.ts";
import { countingRows } from "./counting-rows.ts";
import {
  checkCounts,
  type DatabaseBackup,
  type DumpedDatabase,
  type RestoreRequest,
  refuseUnknownSchema,
} from "./database-backup.ts";
import { findTool, startTool, toolVersion } from "./database-tool.ts";
import { fencingStatements, runNumberStep } from "./fencing.ts";
import { writeHashed } from "./hashed-file.ts";
import { countRows, namesToDump, quoted, refuseContent, tablesIn, tablesThere } from "./mysql-tables.ts";
import { mysqlToolConnection } from "./mysql-tool-connection.ts";

const fileName = "store.sql.gz";
const packages = "mariadb-client (Debian, Ubuntu), mysql-client (Homebrew), or those of the server's vendor";
// Fast, and half the size: rows are text.
const gzipLevel = 1;
const tableWaitSeconds = 10;

/** Backups of MySQL and MariaDB stores by the server's own dump program, restored by its client. */
export const mysqlBackup: DatabaseBackup = {
  kind: "mysql",
  migrations: mysqlMigrations,
  fileName,

  async dump({ url, directory, tables }): Promise<DumpedDatabase> {
    const connection = await connectMysql(url);
    try {
      const server = await serverOf(connection);
      const program = findTool(programsOf(server, ["mariadb-dump", "mysqldump"]), packages);
      const version = await toolVersion(program);
      const schemaVersion = await readMysqlVersion(connection);
      refuseUnknownSchema(mysqlMigrations, schemaVersion, "The database");
      const names = await namesToDump(connection, tables);
      const { parameters, environment } = mysqlToolConnection(url, version);
      const tool = startTool({
        program,
        parameters: [...parameters, ...dumpParameters(version), databaseOf(url), ...names],
        environment,
      });
      try {
        const { step, counts, isComplete } = countingRows();
        const gzip = createGzip({ level: gzipLevel });
        const written = await writeHashed(join(directory, fileName), tool.output, [step, gzip]);
        await tool.ended();
        if (!isComplete()) throw new StoreFailedError(`${program} ended before its dump did.`);
        const file = { path: fileName, ...written };
        return { file, schemaVersion, tables: counts(), madeWith: `${server}, ${version}`, schema: "" };
      } finally {
        tool.stop();
      }
    } catch (error) {
      throw mysqlError(error);
    } finally {
      connection.destroy();
    }
  },

  async restore(request): Promise<void> {
    const connection = await connectMysql(request.url);
    try {
      // It waits idly while the client works.
      await connection.query("SET SESSION wait_timeout = 28800");
      await lockMysqlMigrations(connection);
      const there = await tablesThere(connection, Object.keys(request.manifest.tables));
      if (!request.force) await refuseContent(connection, there);
      await restoreBeside(connection, request, there);
      await unlockMysqlMigrations(connection);
      await migrateMysql(connection);
    } catch (error) {
      throw mysqlError(error);
    } finally {
      connection.destroy();
    }
  },
};

/**
 * Neither server undoes changes of tables. So the backup goes into a database of its own, is counted and fenced there,
 * and one statement gives all tables their place; those that were there go with the database that is dropped.
 */
async function restoreBeside(
  connection: Connection,
  request: RestoreRequest,
  there: readonly string[],
): Promise<void> {
  const target = databaseOf(request.url);
  const beside = nameBeside(target);
  const names = Object.keys(request.manifest.tables);
  await createBeside(connection, beside, names);
  try {
    await fillBeside(connection, request, beside);
    const loaded = await tablesIn(connection, beside);
    checkCounts(request.manifest.tables, await countRows(connection, loaded, beside));
    await fence(connection, beside, there);
    const away = there.map((name) => `${quoted(name)} TO ${quoted(beside)}.${quoted(`${name}_replaced`)}`);
    const back = names.map((name) => `${quoted(beside)}.${quoted(name)} TO ${quoted(name)}`);
    await connection.query(`SET SESSION lock_wait_timeout = ${tableWaitSeconds}`);
    await connection.query(`RENAME TABLE ${[...away, ...back].join(", ")}`);
  } finally {
    await connection.query(`DROP DATABASE ${quoted(beside)}`);
  }
}

const suffix = "_af_restore";
const nameMaxLength = 64;

/** The same for each restore of a database, of which there is one at a time: what a killed one left is found again. */
function nameBeside(target: string): string {
  const name = target + suffix;
  if (name.length <= nameMaxLength) return name;
  const hash = sha256Hex(target).slice(0, 8);
  return `${target.slice(0, nameMaxLength - suffix.length - hash.length - 1)}_${hash}${suffix}`;
}

async function createBeside(connection: Connection, beside: string, names: readonly string[]): Promise<void> {
  try {
    await dropLeft(connection, beside, names);
    await connection.query(`CREATE DATABASE ${quoted(beside)}`);
  } catch (cause) {
    throw new StoreReadOnlyError(`The database ${beside}, in which a restore is made, cannot be created.`, {
      cause,
      hint: "Restore as a user that may create and drop that database.",
    });
  }
}

/** Drops what a restore that was killed left, and nothing that may be somebody else's. */
async function dropLeft(connection: Connection, beside: string, names: readonly string[]): Promise<void> {
  const known = new Set(names);
  const tables = await tablesIn(connection, beside);
  const isLeft = tables.every((name) => /^af_/.test(name) || known.has(name.replace(/_replaced$/, "")));
  if (isLeft) await connection.query(`DROP DATABASE IF EXISTS ${quoted(beside)}`);
}

async function fillBeside(
  connection: Connection,
  { url, directory }: RestoreRequest,
  beside: string,
): Promise<void> {
  const server = await serverOf(connection);
  const program = findTool(programsOf(server, ["mariadb", "mysql"]), packages);
  const { parameters, environment } = mysqlToolConnection(url, await toolVersion(program));
  const tool = startTool({
    program,
    parameters: [...parameters, "--max-allowed-packet=1G", "--binary-mode", `--database=${beside}`],
    environment,
  });
  tool.output.resume();
  try {
    await pipeline(createReadStream(join(directory, fileName)), createGunzip(), tool.input);
  } catch (error) {
    // A program that ended early says why.
    tool.input.destroy();
    await tool.ended();
    throw error;
  } finally {
    if (tool.input.errored !== null) tool.stop();
  }
  await tool.ended();
}

/** Fences (rules 1 to 3) what is to take the place of the store. */
async function fence(connection: Connection, beside: string, there: readonly string[]): Promise<void> {
  const name = (table: string) => `${quoted(beside)}.${quoted(table)}`;
  for (const statement of fencingStatements(name)) await connection.query(statement);
  const from = [name("af_origins"), ...(there.includes("af_origins") ? ["af_origins"] : [])];
  let highest = 0;
  for (const table of from) {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT MAX(rid) AS highest FROM ${table}`);
    highest = Math.max(highest, Number(rows[0]?.["highest"] ?? 0));
  }
  await connection.query(`ALTER TABLE ${name("af_origins")} AUTO_INCREMENT = ${highest + runNumberStep}`);
}

function dumpParameters(version: string): readonly string[] {
  return [
    "--single-transaction",
    "--quick",
    "--skip-lock-tables",
    "--skip-add-locks",
    "--no-tablespaces",
    "--hex-blob",
    "--skip-triggers",
    "--default-character-set=utf8mb4",
    "--max-allowed-packet=1G",
    // What MySQL's own program adds and MariaDB's does not know.
    ...(version.includes("MariaDB") ? [] : ["--column-statistics=0", "--set-gtid-purged=OFF"]),
  ];
}

/** The programs of the server's own vendor first. */
function programsOf(server: string, names: readonly string[]): readonly string[] {
  return server.includes("MariaDB") ? names : names.toReversed();
}

async function serverOf(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT VERSION() AS version");
  const version = String(rows[0]?.["version"]);
  return version.includes("MariaDB") ? version : `MySQL ${version}`;
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}
