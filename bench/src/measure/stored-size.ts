import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Bytes of the databases in a folder, after their write-ahead logs were moved into them. No one may have them open. */
export function storedSizeBytes(directory: string): number {
  let sizeBytes = 0;
  for (const name of readdirSync(directory)) {
    if (!name.endsWith(".db")) continue;
    const path = join(directory, name);
    const database = new DatabaseSync(path);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    sizeBytes += statSync(path).size;
  }
  return sizeBytes;
}
