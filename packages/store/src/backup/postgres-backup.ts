import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Client } from "pg";
import {
  migratePostgres,
  postgresMigrationLock,
  postgresMigrations,
  readPostgresVersion,
} from "../migrations/migrate-postgres.ts";
import { connectPostgres } from "../postgres/connect-postgres.ts";
import { postgresError } from "../postgres/postgres-error.ts";
import {
  type DatabaseBackup,
  type DumpedDatabase,
  type RestoreRequest,
  refuseUnknownSchema,
} from "./database-backup.ts";
import { findTool, type RunningTool, startTool, toolVersion } from "./database-tool.ts";
import { fencingStatements, runNumberStep } from "./fencing.ts";
import { writeHashed } from "./hashed-file.ts";
import { postgresEnvironment } from "./postgres-environment.ts";
import {
  countRows,
  lastRunNumber,
  namesToDump,
  quoted,
  refuseContent,
  schemaOf,
  tablesThere,
} from "./postgres-tables.ts";
import { renamingSchema } from "./renaming-schema.ts";

const fileName = "store.sql.gz";
const packages = "postgresql-client (Debian, Ubuntu), postgresql (Fedora, Homebrew)";
// Fast, and half the size: rows are text.
const gzipLevel = 1;

/** Backups of PostgreSQL stores by pg_dump, restored by psql in one transaction. */
export const postgresBackup: DatabaseBackup = {
  kind: "postgres",
  migrations: postgresMigrations,
  fileName,

  async dump({ url, directory, tables }): Promise<DumpedDatabase> {
    const program = findTool(["pg_dump"], packages);
    const client = await connectPostgres(url);
    try {
      // Both connections see the state that this snapshot was taken of.
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      const schema = await schemaOf(client);
      const { snapshot, server } = await exportSnapshot(client);
      const schemaVersion = await readPostgresVersion(client);
      refuseUnknownSchema(postgresMigrations, schemaVersion, "The database");
      const names = await namesToDump(client, tables);
      const tool = startTool({
        program,
        parameters: [
          "--format=plain",
          "--no-owner",
          "--no-privileges",
          `--snapshot=${snapshot}`,
          ...names.map((name) => `--table=${pattern(schema)}.${pattern(name)}`),
        ],
        environment: postgresEnvironment(client, url),
      });
      try {
        const counted = await countRows(client, names);
        const written = await writeHashed(join(directory, fileName), tool.output, [
          createGzip({ level: gzipLevel }),
        ]);
        await tool.ended();
        const madeWith = `${server}, ${await toolVersion(program)}`;
        return { file: { path: fileName, ...written }, schemaVersion, tables: counted, madeWith, schema };
      } finally {
        tool.stop();
      }
    } catch (error) {
      throw postgresError(error);
    } finally {
      await client.end();
    }
  },

  async restore(request): Promise<void> {
    const program = findTool(["psql"], packages);
    const client = await connectPostgres(request.url);
    try {
      await client.query(`SELECT pg_advisory_lock(${postgresMigrationLock})`);
      const schema = await schemaOf(client);
      const there = await tablesThere(client, Object.keys(request.manifest.tables));
      if (!request.force) await refuseContent(client, schema, there);
      const numbersFrom = await lastRunNumber(client, there);
      const tool = startTool({
        program,
        parameters: ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"],
        environment: postgresEnvironment(client, request.url),
      });
      try {
        await feed(tool, request, { schema, there, numbersFrom });
      } finally {
        tool.stop();
      }
      await client.query(`SELECT pg_advisory_unlock(${postgresMigrationLock})`);
      await migratePostgres(client);
    } catch (error) {
      throw postgresError(error);
    } finally {
      await client.end();
    }
  },
};

/** Writes the whole transaction; where it is cut off, the server undoes it. */
async function feed(
  tool: RunningTool,
  { directory, manifest }: RestoreRequest,
  target: { readonly schema: string; readonly there: readonly string[]; readonly numbersFrom: number },
): Promise<void> {
  const { schema, there, numbersFrom } = target;
  tool.output.resume();
  tool.input.write(before(schema, there));
  const steps =
    schema === manifest.schema ? [] : [renamingSchema(manifest.schema, schema, Object.keys(manifest.tables))];
  try {
    await pipeline([createReadStream(join(directory, fileName)), createGunzip(), ...steps, tool.input], {
      end: false,
    });
  } catch (error) {
    // A program that ended early says why; one that waits for more undoes what it has.
    tool.input.destroy();
    await tool.ended();
    throw error;
  }
  tool.input.end(after(schema, manifest.tables, numbersFrom));
  await tool.ended();
}

function before(schema: string, there: readonly string[]): string {
  const drop =
    there.length === 0 ? "" : `DROP TABLE ${there.map((name) => `${schema}.${quoted(name)}`).join(", ")};\n`;
  return `BEGIN;\nSET LOCAL synchronous_commit = on;\nSET LOCAL lock_timeout = '10s';\n${drop}`;
}

/** Counts, fences (rules 1 to 3) and commits. */
function after(schema: string, tables: Readonly<Record<string, number>>, numbersFrom: number): string {
  const name = (table: string) => `${schema}.${quoted(table)}`;
  const counts = Object.entries(tables).map(
    ([table, rows]) => `IF (SELECT count(*) FROM ${name(table)}) <> ${rows} THEN
  RAISE EXCEPTION 'the backup does not hold the rows of ${table} that the manifest tells'; END IF;`,
  );
  const sequence = `pg_get_serial_sequence('${name("af_origins").replaceAll("'", "''")}', 'rid')`;
  const highest = `greatest(${numbersFrom}, (SELECT coalesce(max(rid), 0) FROM ${name("af_origins")}))`;
  return `
DO $agentflow$ BEGIN
${counts.join("\n")}
END $agentflow$;
${fencingStatements(name).join(";\n")};
SELECT pg_catalog.setval(${sequence}, ${highest} + ${runNumberStep});
${Object.keys(tables)
  .map((table) => `ANALYZE ${name(table)};`)
  .join("\n")}
COMMIT;
`;
}

/** The state that the transaction sees, for another connection to see it too, and the server. */
async function exportSnapshot(
  client: Client,
): Promise<{ readonly snapshot: string; readonly server: string }> {
  const { rows } = await client.query<{ snapshot: string; server: string }>(
    "SELECT pg_export_snapshot() AS snapshot, 'PostgreSQL ' || current_setting('server_version') AS server",
  );
  return { snapshot: String(rows[0]?.snapshot), server: String(rows[0]?.server) };
}

/** A name as pg_dump takes it: in quotes nothing of it is a wildcard. */
function pattern(identifier: string): string {
  return identifier.startsWith('"') ? identifier : quoted(identifier);
}
