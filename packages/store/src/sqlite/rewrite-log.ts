import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { StoreCorruptError } from "@agentflow/core";
import { fileError } from "../files/file-error.ts";

// Format: sqlite.org/walformat.html.
const headerBytes = 32;
const frameHeaderBytes = 24;
const summedHeaderBytes = 8;
const framesAtOnce = 256;

/** Frames of the log, as SQLite counts them, and the salt of the log that they are in. */
interface LogSize {
  readonly frames: number;
  readonly salt: string;
}

/**
 * Writes the write-ahead log over itself and syncs it, after a sync that failed: every byte of it is then to be written
 * once more, whatever the kernel has forgotten. Others wait for the write lock meanwhile. Throws StoreCorruptError if the
 * log lacks what was written to it, the store error of the file system if it cannot be written, and what SQLite throws.
 */
export function rewriteLog(db: DatabaseSync, path: string): void {
  const log = `${path}-wal`;
  for (;;) {
    const { frames, salt } = logSize(db, log);
    db.exec("BEGIN IMMEDIATE");
    try {
      // Another process may have copied all of it and started it over in between.
      if (saltOf(log) !== salt) continue;
      try {
        rewrite(log, frames);
      } catch (error) {
        throw fileError(error, log);
      }
      return;
    } finally {
      db.exec("ROLLBACK");
    }
  }
}

/** Without SQLite's count, before version 3.51, what the log holds is all that is known. */
function logSize(db: DatabaseSync, log: string): LogSize {
  const salt = saltOf(log);
  const version = String(db.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 3 || (major === 3 && minor < 51)) return { frames: 0, salt };
  const counted = db.prepare("PRAGMA wal_checkpoint(NOOP)").get();
  return { frames: Number(counted?.["log"] ?? 0), salt };
}

function saltOf(log: string): string {
  if (!existsSync(log)) return "";
  const file = openSync(log, "r");
  try {
    const header = Buffer.alloc(headerBytes);
    readSync(file, header, 0, headerBytes, 0);
    return header.toString("hex", 16, 24);
  } finally {
    closeSync(file);
  }
}

function rewrite(log: string, framesExpected: number): void {
  if (!existsSync(log)) return;
  const file = openSync(log, "r+");
  try {
    const header = Buffer.alloc(headerBytes);
    if (readSync(file, header, 0, headerBytes, 0) < headerBytes) return;
    const sum = new LogSum(header);
    writeAll(file, header, 0);
    const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
    const frames = rewriteFrames(file, frameBytes, (frame) => sum.covers(frame));
    if (frames < framesExpected) {
      throw new StoreCorruptError(
        `${log} has lost ${framesExpected - frames} of ${framesExpected} pages after a failed sync.`,
        { hint: "The disk fails: restore the newest backup on another one.", context: { path: log } },
      );
    }
    fsyncSync(file);
    syncFolderOf(log);
  } finally {
    closeSync(file);
  }
}

/** Writes frames over themselves as far as they are whole; returns how many. */
function rewriteFrames(file: number, frameBytes: number, isWhole: (frame: Buffer) => boolean): number {
  const buffer = Buffer.alloc(framesAtOnce * frameBytes);
  for (let frames = 0; ; ) {
    const position = headerBytes + frames * frameBytes;
    const read = readSync(file, buffer, 0, buffer.length, position);
    let whole = 0;
    while ((whole + 1) * frameBytes <= read) {
      if (!isWhole(buffer.subarray(whole * frameBytes, (whole + 1) * frameBytes))) break;
      whole++;
    }
    writeAll(file, buffer.subarray(0, whole * frameBytes), position);
    frames += whole;
    if (whole < framesAtOnce) return frames;
  }
}

function writeAll(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
}

/** Syncs the names in the folder of a file. SQLite does not tell when that fails. */
export function syncFolderOf(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The checksum that runs through a log: each frame's covers all before it, which ties the frames together. */
class LogSum {
  readonly #salt: Buffer;
  readonly #readWord: (bytes: Buffer, offset: number) => number;
  #first = 0;
  #second = 0;

  constructor(header: Buffer) {
    this.#salt = header.subarray(16, 24);
    const isBigEndian = (header.readUInt32BE(0) & 1) === 1;
    this.#readWord = isBigEndian
      ? (bytes, offset) => bytes.readUInt32BE(offset)
      : (bytes, offset) => bytes.readUInt32LE(offset);
    this.#add(header.subarray(0, frameHeaderBytes));
  }

  /** Takes the next frame; false if it is not the one that was written here. */
  covers(frame: Buffer): boolean {
    if (!frame.subarray(8, 16).equals(this.#salt)) return false;
    this.#add(frame.subarray(0, summedHeaderBytes));
    this.#add(frame.subarray(frameHeaderBytes));
    return frame.readUInt32BE(16) === this.#first && frame.readUInt32BE(20) === this.#second;
  }

  #add(bytes: Buffer): void {
    for (let offset = 0; offset < bytes.length; offset += 8) {
      this.#first = (this.#first + this.#readWord(bytes, offset) + this.#second) >>> 0;
      this.#second = (this.#second + this.#readWord(bytes, offset + 4) + this.#first) >>> 0;
    }
  }
}
