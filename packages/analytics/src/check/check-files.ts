import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetFile, DatasetManifest } from "../storage/dataset-manifest.ts";
import { hashFile } from "../storage/file-hash.ts";
import { type DatasetCheck, failed, passed } from "./dataset-check.ts";

/** What is wrong with a file, or undefined if it is the one that was published. */
async function damage(directory: string, file: DatasetFile): Promise<string | undefined> {
  const path = join(directory, file.path);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? "unreadable");
  if (typeof found === "string")
    return found === "ENOENT" ? `${file.path} is missing` : `${file.path}: ${found}`;
  if (found.size !== file.sizeBytes)
    return `${file.path} has ${found.size} bytes instead of ${file.sizeBytes}`;
  const { sha256 } = await hashFile(path);
  return sha256 === file.sha256 ? undefined : `${file.path} has another SHA-256`;
}

/** Compares every file with its size and checksum in the manifest: one test per table and format. */
export async function checkFiles(directory: string, manifest: DatasetManifest): Promise<DatasetCheck[]> {
  const checks: DatasetCheck[] = [];
  for (const files of Map.groupBy(manifest.files, ({ table, format }) => `${table} ${format}`).values()) {
    const { table, format } = files[0] as DatasetFile;
    const name = `the ${format} files are those that were published`;
    const damages: string[] = [];
    for (const file of files) {
      const found = await damage(directory, file);
      if (found !== undefined) damages.push(found);
    }
    checks.push(damages.length === 0 ? passed(table, name) : failed(table, name, damages.join("; ")));
  }
  return checks;
}
