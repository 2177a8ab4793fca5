import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import {
  AgentFlowError,
  StoreCorruptError,
  type StoreError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";

import { fileError } from "../files/file-error.ts";

// Primary result codes of SQLite (sqlite.org/rescode.html).
const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

// Extended codes: a sync of a file, or of a folder, failed.
const syncFailures: readonly number[] = [codes.io | (4 << 8), codes.io | (5 << 8)];
// Extended code: a write failed, for another reason than a full disk.
const ioWrite = codes.io | (3 << 8);
// Extended code: a checksum or structure of the file system itself is wrong.
const ioCorruptFileSystem = codes.io | (33 << 8);

/** True when another connection held the lock longer than the busy timeout. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === codes.busy || code === codes.locked;
}

/** True when a key or constraint refused a row. */
export function isConstraint(error: unknown): boolean {
  return primaryCode(error) === codes.constraint;
}

/** True when a sync failed, so that nobody knows what of the file is on the disk. */
export function isSyncFailure(error: unknown): boolean {
  const cause = error instanceof AgentFlowError ? error.cause : error;
  return syncFailures.includes(extendedCode(cause) ?? 0);
}

/** The typed error for what node:sqlite threw on the file at `path`. Errors that are typed already pass through. */
export function sqliteError(error: unknown, path: string): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const details = { cause: error, context: { path } };
  const closed = error instanceof Error && (error as { code?: unknown }).code === "ERR_INVALID_STATE";
  if (closed) return new StoreUnavailableError("The store is closed.", details);
  return byCode(error, text, path, details) ?? new StoreFailedError(`SQLite: ${text}`, details);
}

function byCode(
  error: unknown,
  text: string,
  path: string,
  details: { readonly cause: unknown; readonly context: { readonly path: string } },
): StoreError | undefined {
  if (extendedCode(error) === ioCorruptFileSystem) return new StoreCorruptError(`${path}: ${text}`, details);
  switch (primaryCode(error)) {
    case codes.busy:
    case codes.locked:
      return new StoreLockedError(`${path} is locked by another process.`, details);
    case codes.readOnly:
      return new StoreReadOnlyError(`${path} cannot be written: ${text}.`, details);
    case codes.corrupt:
      return new StoreCorruptError(`${path} is damaged: ${text}.`, details);
    case codes.notADatabase:
      return new StoreCorruptError(`${path} is not a SQLite database.`, details);
    case codes.full:
      return new StoreFullError(`The disk of ${path} is full.`, details);
    case codes.io:
      return extendedCode(error) === ioWrite && hasNoRoom(`${path}-wal`)
        ? new StoreFullError(`The log of ${path} may not grow: a quota or a limit is reached.`, details)
        : new StoreUnavailableError(`The disk of ${path} fails: ${text}.`, details);
    case codes.cannotOpen:
      return isWritable(path)
        ? new StoreUnavailableError(`${path} cannot be opened: ${text}.`, details)
        : new StoreReadOnlyError(`${path} cannot be written.`, details);
    default:
      return undefined;
  }
}

/** Whether a file as long as this one cannot get longer here, which SQLite tells only of a disk that is full itself. */
function hasNoRoom(path: string): boolean {
  const probe = `${path}.${process.pid}.probe`;
  try {
    const file = openSync(probe, "wx", 0o600);
    try {
      writeSync(file, new Uint8Array(1), 0, 1, statSync(path).size);
      return false;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return fileError(error, path) instanceof StoreFullError;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Whether this process may write the file and its folder, or create what of them is missing. */
export function isWritable(path: string): boolean {
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return mayWrite(folder) && (!existsSync(path) || mayWrite(path));
}

function mayWrite(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch (error) {
    // Any refusal answers the question; the reason goes out with SQLite's own error.
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function extendedCode(error: unknown): number | undefined {
  const code = error instanceof Error ? (error as { errcode?: unknown }).errcode : undefined;
  return typeof code === "number" ? code : undefined;
}

function primaryCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
}
