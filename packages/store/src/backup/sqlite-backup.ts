import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, link, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StoreCorruptError, StoreNotEmptyError, StoreUnavailableError } from "@agentflow/core";
import { fileError } from "../files/file-error.ts";
import { syncFolder } from "../files/replace-file.ts";
import { sqliteMigrations } from "../migrations/migrate-sqlite.ts";
import { parseStoreUrl } from "../parse-store-url.ts";
import { prepareFolder } from "../sqlite/open-database.ts";
import { retryLocked } from "../sqlite/retry-locked.ts";
import {
  type DatabaseBackup,
  type DumpedDatabase,
  type RestoreRequest,
  refuseUnknownSchema,
} from "./database-backup.ts";
import { hashFile, syncFile } from "./hashed-file.ts";
import type { SqliteContent } from "./sqlite-file.ts";
import { inThread } from "./sqlite-file-client.ts";

const fileName = "store.sqlite";
const lockedAfterMs = 10_000;

type Target = "missing" | "damaged" | { readonly content: SqliteContent; readonly lastRunNumber: number };

/** Backups of SQLite stores: a copy of the whole file, with tables that are not AgentFlow's own. */
export const sqliteBackup: DatabaseBackup = {
  kind: "sqlite",
  migrations: sqliteMigrations,
  fileName,

  async dump({ url, directory }): Promise<DumpedDatabase> {
    const from = pathOf(url);
    if (!existsSync(from)) {
      throw new StoreUnavailableError(`There is no store ${from}.`, {
        hint: "Name the store with --store sqlite:PATH.",
        context: { path: from },
      });
    }
    const to = join(directory, fileName);
    const { schemaVersion, tables } = await inThread("copy", { from, to });
    refuseUnknownSchema(sqliteMigrations, schemaVersion, from);
    await chmod(to, 0o600);
    await syncFile(to);
    const file = { path: fileName, ...(await hashFile(to)) };
    return {
      file,
      schemaVersion,
      tables,
      madeWith: `SQLite ${process.versions["sqlite"] ?? ""}`,
      schema: "",
    };
  },

  async restore(request): Promise<void> {
    const path = pathOf(request.url);
    await prepareFolder(path);
    const target = await lookAt(path);
    if (!request.force) refuseContent(path, target);
    const side = `${path}.restore-${randomUUID().slice(0, 8)}`;
    try {
      await prepareSide(request, side, typeof target === "object" ? target.lastRunNumber : 0);
      if (typeof target === "object")
        await retryLocked(() => inThread("replace", { from: side, to: path }), lockedAfterMs);
      else await putInPlace(side, path, target);
    } catch (error) {
      throw fileError(error, path);
    } finally {
      await rm(side, { force: true });
      await rm(`${side}-journal`, { force: true });
    }
  },
};

function pathOf(url: string): string {
  const location = parseStoreUrl(url);
  return resolve(location.kind === "sqlite" ? location.path : "");
}

async function lookAt(path: string): Promise<Target> {
  if (!existsSync(path)) return "missing";
  try {
    const content = await inThread("look", { path });
    return { content, lastRunNumber: await inThread("lastRunNumber", { path }) };
  } catch (error) {
    if (error instanceof StoreCorruptError) return "damaged";
    throw error;
  }
}

function refuseContent(path: string, target: Target): void {
  if (target === "missing") return;
  if (target === "damaged") {
    throw new StoreNotEmptyError(`${path} is there, and damaged.`, {
      hint: "Say --force to set it aside and restore the backup in its place.",
      context: { path },
    });
  }
  const { tables } = target.content;
  const rows = Object.entries(tables).filter(([name, count]) => count > 0 && !ownRecord.has(name));
  if (rows.length === 0) return;
  const runs = tables["af_runs"];
  const what =
    runs === undefined || runs === 0
      ? `rows in ${rows.map(([name]) => name).join(", ")}`
      : `${runs} ${runs === 1 ? "run" : "runs"}`;
  throw new StoreNotEmptyError(`The store ${path} holds ${what}.`, {
    context: { path, tables: { ...tables } },
  });
}

const ownRecord = new Set(["af_meta", "af_migrations"]);

/** Makes a store of the backup's file beside the target, complete and synced. */
async function prepareSide(
  { directory, manifest }: RestoreRequest,
  side: string,
  runNumbersFrom: number,
): Promise<void> {
  await rm(side, { force: true });
  await copyFile(join(directory, fileName), side);
  await inThread("prepare", { path: side, tables: manifest.tables, runNumbersFrom });
  await syncFile(side);
}

/** Gives a file its name where there is none; what was damaged is kept under another one. */
async function putInPlace(side: string, path: string, target: "missing" | "damaged"): Promise<void> {
  if (target === "damaged") {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, "-");
    for (const suffix of ["-wal", "-shm", ""]) {
      if (existsSync(path + suffix)) await rename(path + suffix, `${path}.damaged-${stamp}${suffix}`);
    }
  }
  try {
    // A link never replaces: another restore, or a first run, may have been faster.
    await link(side, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A file system without links.
    if (code !== "EEXIST" && !existsSync(path)) return rename(side, path);
    throw new StoreNotEmptyError(`${path} came into being meanwhile.`, { cause: error, context: { path } });
  }
  await syncFolder(dirname(path));
}
