import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatasetError } from "@agentflow/core";

/** The name of the lock in the folder of a dataset. */
export const lockName = ".writer-lock";

/**
 * Takes the right to write a dataset, until it is disposed of. SQLite takes the operating system's lock on an empty
 * file: it ends with the process, however that ends, so that nobody has to guess whether a lock is stale. Throws
 * DatasetError (AF_DATASET_LOCKED) if somebody else has it.
 */
export function takeWriterLock(directory: string): Disposable {
  const database = new DatabaseSync(join(directory, lockName), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw new DatasetError("AF_DATASET_LOCKED", `Another process writes ${directory}.`, {
      cause: error,
      context: { dataset: directory },
    });
  }
  return { [Symbol.dispose]: () => database.close() };
}
