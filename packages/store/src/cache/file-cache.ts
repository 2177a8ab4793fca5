import type { Dirent } from "node:fs";
import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type CacheScope, type ResponseCache, sha256Hex } from "@agentflow/core";
import { isMissing } from "../files/file-error.ts";
import { makeFolder, replaceFile } from "../files/replace-file.ts";
import { formatCacheEntry, readCacheEntry } from "./cache-entry.ts";

/** Options of a cache in files. */
export interface FileCacheOptions {
  /** Folder of a scope's entries; undefined where the scope is not cached. */
  readonly directoryOf: (scope: CacheScope) => string | undefined;
  /** Is told of errors of the file system; the call goes on as if there were no cache. */
  readonly onError: (error: unknown) => void;
  /** Bytes that one folder may hold. Default: 256 MiB. */
  readonly sizeBytesMax?: number;
  /** Wall-clock milliseconds, for the time of last use. */
  readonly now?: () => number;
}

/**
 * Cached results as files (RUN-20). Several processes may use one folder. An entry that is torn or changed is a miss. A
 * folder that grows past its size loses the least recently used entries. Nothing here is synced: a lost entry is a miss.
 */
export function fileCache(options: FileCacheOptions): ResponseCache {
  return new FileCache(options);
}

interface Folder {
  /** Bytes as far as this process knows; other processes may have added some. */
  sizeBytes: number;
  putsUntilCount: number;
}

const putsBetweenCounts = 256;
const keptShare = 0.8;

class FileCache implements ResponseCache {
  readonly #options: FileCacheOptions;
  readonly #sizeBytesMax: number;
  readonly #now: () => number;
  readonly #folders = new Map<string, Folder>();

  constructor(options: FileCacheOptions) {
    this.#options = options;
    this.#sizeBytesMax = options.sizeBytesMax ?? 256 * 1024 * 1024;
    this.#now = options.now ?? Date.now;
  }

  async get(scope: CacheScope, key: string): Promise<string | undefined> {
    const directory = this.#options.directoryOf(scope);
    if (directory === undefined) return undefined;
    const { path } = placeOf(directory, key);
    try {
      const json = readCacheEntry(key, await readFile(path, "utf8"));
      if (json === undefined) await rm(path, { force: true });
      else await this.#touch(path);
      return json;
    } catch (error) {
      if (!isMissing(error)) this.#options.onError(error);
      return undefined;
    }
  }

  async put(scope: CacheScope, key: string, json: string): Promise<void> {
    const directory = this.#options.directoryOf(scope);
    const text = formatCacheEntry(key, json);
    const sizeBytes = Buffer.byteLength(text);
    if (directory === undefined || sizeBytes > this.#sizeBytesMax) return;
    const { folder, path } = placeOf(directory, key);
    try {
      await makeFolder(folder, { sync: false });
      await replaceFile(path, text, { sync: false });
      await this.#touch(path);
      await this.#account(directory, sizeBytes);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** The time of last use is kept as the time of access, which mounts often do not keep by themselves. */
  async #touch(path: string): Promise<void> {
    const seconds = this.#now() / 1_000;
    await utimes(path, seconds, seconds);
  }

  async #account(directory: string, sizeBytes: number): Promise<void> {
    const folder = this.#folders.get(directory) ?? { sizeBytes: 0, putsUntilCount: 0 };
    this.#folders.set(directory, folder);
    folder.sizeBytes += sizeBytes;
    folder.putsUntilCount -= 1;
    if (folder.putsUntilCount >= 0 && folder.sizeBytes <= this.#sizeBytesMax) return;
    folder.putsUntilCount = putsBetweenCounts;
    folder.sizeBytes = await shrink(directory, this.#sizeBytesMax);
  }
}

function placeOf(directory: string, key: string): { readonly folder: string; readonly path: string } {
  const name = /^[0-9a-f]{64}$/.test(key) ? key : sha256Hex(key);
  const folder = join(directory, name.slice(0, 2));
  return { folder, path: join(folder, `${name.slice(2)}.json`) };
}

/** Removes the least recently used entries of a folder that is too large; returns the bytes it then holds. */
async function shrink(directory: string, sizeBytesMax: number): Promise<number> {
  const entries = await entriesOf(directory);
  let sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  if (sizeBytes <= sizeBytesMax) return sizeBytes;
  entries.sort((a, b) => a.usedAt - b.usedAt);
  for (const entry of entries) {
    if (sizeBytes <= sizeBytesMax * keptShare) break;
    await rm(entry.path, { force: true });
    sizeBytes -= entry.sizeBytes;
  }
  return sizeBytes;
}

interface Entry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedAt: number;
}

async function entriesOf(directory: string): Promise<Entry[]> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(files.filter((file) => file.isFile()).map(entryOf));
  return entries.filter((entry) => entry !== undefined);
}

async function entryOf(file: Dirent): Promise<Entry | undefined> {
  const path = join(file.parentPath, file.name);
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, sizeBytes: size, usedAt: mtimeMs };
  } catch (error) {
    // Another process has removed it.
    if (isMissing(error)) return undefined;
    throw error;
  }
}
