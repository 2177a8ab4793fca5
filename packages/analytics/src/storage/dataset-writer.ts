/**
 * Changes what a dataset consists of. The only writer of manifests.
 *
 * 1. New files are written below `.staging`, which no reader looks at, and are synced before they get their names.
 * 2. The manifest is replaced in one step, after every file that it names is in its place. A crash at any moment
 *    leaves the manifest of before or the one of after, and all files that it names.
 * 3. There is one writer at a time; its lock ends with its process.
 * 4. Files that no manifest names are removed by the writer that left them, or by the next one.
 */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { DatasetError, type JsonObject, ValidationError } from "@agentflow/core";
import {
  type ColumnStatistics,
  type DatasetFile,
  type DatasetManifest,
  encodeManifest,
  fileFormats,
  manifestName,
} from "./dataset-manifest.ts";
import { hashFile } from "./file-hash.ts";
import { type FilePlace, isPartName, partPath } from "./part-path.ts";
import { findManifest } from "./read-dataset.ts";
import { storageError } from "./storage-error.ts";
import { syncPath } from "./sync-path.ts";
import { lockName, takeWriterLock } from "./writer-lock.ts";

const stagingName = ".staging";

/** A file that was written to the side, with what is known of it. */
export interface StagedFile extends FilePlace {
  /** Where it lies now. */
  readonly stagedPath: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** What a publication changes. */
export interface Publication {
  readonly origin: JsonObject;
  readonly add: readonly StagedFile[];
  /** Which of the files of before stay; none if not given. */
  readonly keep?: (file: DatasetFile) => boolean;
}

/** The right to change one dataset. Dispose of it when done; what was not published is then removed. */
export class DatasetWriter implements AsyncDisposable {
  readonly directory: string;
  /** The dataset as it is, or undefined if there is none yet. */
  manifest: DatasetManifest | undefined;
  readonly #dataset: string;
  readonly #lock: Disposable;
  #staged = 0;

  private constructor(
    directory: string,
    dataset: string,
    lock: Disposable,
    manifest: DatasetManifest | undefined,
  ) {
    this.directory = directory;
    this.manifest = manifest;
    this.#dataset = dataset;
    this.#lock = lock;
  }

  /**
   * Takes the right to write, and removes what a writer that was killed has left. Throws DatasetError if another one
   * writes, and ValidationError if the folder holds something else.
   */
  static async open(directory: string, dataset: string): Promise<DatasetWriter> {
    try {
      await refuseForeignFolder(directory, dataset);
      await mkdir(directory, { recursive: true });
      const lock = takeWriterLock(directory);
      try {
        const writer = new DatasetWriter(directory, dataset, lock, await findManifest(directory));
        await writer.#removeLeftovers();
        return writer;
      } catch (error) {
        lock[Symbol.dispose]();
        throw error;
      }
    } catch (error) {
      throw storageError(error, directory);
    }
  }

  /** Where to write a new file. */
  async stage(place: FilePlace): Promise<string> {
    this.#staged += 1;
    const path = join(this.directory, stagingName, `${this.#staged}.${place.format}`);
    await mkdir(dirname(path), { recursive: true });
    return path;
  }

  /** Makes the staged files part of the dataset, in one step. */
  async publish({ origin, add, keep = () => false }: Publication): Promise<DatasetManifest> {
    try {
      const generation = (this.manifest?.generation ?? 0) + 1;
      const kept = (this.manifest?.files ?? []).filter(keep);
      const added = await this.#place(add, generation);
      const manifest: DatasetManifest = {
        version: 1,
        dataset: this.#dataset,
        generation,
        publishedAt: new Date().toISOString(),
        origin,
        files: [...kept, ...added].sort(byPlace),
      };
      await this.#replaceManifest(manifest);
      this.manifest = manifest;
      await this.#removeLeftovers();
      return manifest;
    } catch (error) {
      throw storageError(error, this.directory);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#removeLeftovers();
    } finally {
      this.#lock[Symbol.dispose]();
    }
  }

  async #place(add: readonly StagedFile[], generation: number): Promise<DatasetFile[]> {
    const files: DatasetFile[] = [];
    const counts = new Map<string, number>();
    for (const { stagedPath, table, format, partition, rows, columns } of add) {
      const place = { table, format, partition };
      const folder = dirname(partPath(place, generation, 0));
      const index = counts.get(folder) ?? 0;
      counts.set(folder, index + 1);
      const path = partPath(place, generation, index);
      const { sha256, sizeBytes } = await hashFile(stagedPath);
      await syncPath(stagedPath);
      await mkdir(join(this.directory, folder), { recursive: true });
      await rename(stagedPath, join(this.directory, path));
      files.push({ ...place, path, rows, sizeBytes, sha256, columns });
    }
    for (const folder of counts.keys()) await syncPath(join(this.directory, folder));
    return files;
  }

  async #replaceManifest(manifest: DatasetManifest): Promise<void> {
    const beside = join(this.directory, stagingName, manifestName);
    await mkdir(dirname(beside), { recursive: true });
    await writeFile(beside, encodeManifest(manifest));
    await syncPath(beside);
    await rename(beside, join(this.directory, manifestName));
    await syncPath(this.directory);
  }

  async #removeLeftovers(): Promise<void> {
    await rm(join(this.directory, stagingName), { recursive: true, force: true });
    const known = new Set(this.manifest?.files.map(({ path }) => path));
    for (const format of fileFormats)
      await removeUnknown(this.directory, join(this.directory, format), known);
  }
}

function byPlace(a: DatasetFile, b: DatasetFile): number {
  const [left, right] = [orderOf(a), orderOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

// Months are in the order of the calendar, and the parts of a partition in that of their publication.
function orderOf({ path }: DatasetFile): string {
  return path.replaceAll(/\d+/g, (digits) => digits.padStart(9, "0"));
}

async function refuseForeignFolder(directory: string, dataset: string): Promise<void> {
  const found = await findManifest(directory);
  if (found !== undefined && found.dataset !== dataset) {
    throw new ValidationError(
      "AF_ARGUMENT_INVALID",
      `${directory} holds the dataset ${found.dataset}, not ${dataset}.`,
      {
        hint: "Give another folder.",
      },
    );
  }
  if (found !== undefined) return;
  const ours = new Set<string>([...fileFormats, stagingName, lockName, `${lockName}-journal`]);
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error.code === "ENOTDIR"
      ? new DatasetError("AF_DATASET_FAILED", `${directory} is a file, not a folder.`, { cause: error })
      : error;
  });
  const foreign = entries.find((name) => !ours.has(name));
  if (foreign === undefined) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${directory} holds something else than a dataset: ${foreign}.`,
    {
      hint: "Give an empty folder, or one that does not exist.",
    },
  );
}

// Removes only what carries a name that writers give.
async function removeUnknown(directory: string, folder: string, known: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  for (const entry of entries) {
    if (!entry.isFile() || !isPartName(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    if (!known.has(relative(directory, path).split(sep).join("/"))) await rm(path, { force: true });
  }
}
