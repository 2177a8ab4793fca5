import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { invariant, type SeededRandom } from "@agentflow/core";
import type { DiskOperation } from "./write-trace.ts";

/** Bytes that a disk writes whole or not at all. */
const sectorBytes = 512;

/** A file, whatever its names are. */
interface Inode {
  readonly changes: Change[];
}

/** A change of a file's content: a write, or what cuts it to a size. `durableAt` is the end of the sync that kept it. */
interface Change {
  readonly begin: number;
  readonly end: number;
  readonly offset: number;
  readonly bytes: Uint8Array | undefined;
  durableAt: number;
}

/** A change of a folder: a name given to a file, to a new folder, or taken away. */
interface NameChange {
  readonly begin: number;
  readonly end: number;
  readonly name: string;
  readonly target: Inode | "folder" | undefined;
  durableAt: number;
}

/** How much of what was not synced a crashed disk has. */
export type Survival = "nothing" | "everything" | "some";

/**
 * The disks that a power loss may leave, from the trace of what a process asked of its file system.
 *
 * 1. What a sync kept is there: changes of the file that had ended before a sync of it began, which has ended well.
 * 2. Anything else that had begun may be there, be missing, or be there in part: whole sectors, in any choice. Bytes
 *    next to a write stay what they are.
 * 3. Names follow syncs of their folder, and the unsynced ones of a folder are lost from the newest on.
 * 4. A sync that failed keeps nothing. What it should have kept of a file no later sync keeps: a kernel forgets which
 *    pages those were. Names are kept by the next sync of their folder: journals of file systems do not forget them.
 */
export class CrashedDisk {
  readonly #root: string;
  readonly #names = new Map<string, Inode>();
  readonly #folders = new Map<string, NameChange[]>();
  /** Where a crash may leave something new, in order. */
  readonly moments: readonly number[];

  /** `root` is the folder that is there before the process starts. */
  constructor(root: string, operations: readonly DiskOperation[]) {
    this.#root = root;
    this.#folders.set(root, []);
    for (const operation of operations) this.#take(operation);
    this.moments = operations.filter(({ kind }) => kind !== "say").map(({ end }) => end);
  }

  /** Writes what the disk holds after a crash at a moment into the folder `into`. */
  leave(at: number, survival: Survival, random: SeededRandom, into: string): void {
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    const share = survival === "nothing" ? 0 : survival === "everything" ? 1 : random.pick([0.1, 0.5, 0.9]);
    this.#leaveFolder(this.#root, { at, share, random, into });
  }

  #leaveFolder(folder: string, crash: Crash): void {
    const { at, share, random, into } = crash;
    const changes = (this.#folders.get(folder) ?? []).filter(({ begin }) => begin <= at);
    const kept = changes.findLastIndex(({ durableAt }) => durableAt <= at) + 1;
    const more = changes.length - kept;
    const count = kept + (share === 0 ? 0 : share === 1 ? more : random.integer(0, more));
    const entries = new Map<string, NameChange["target"]>();
    for (const { name, target } of changes.slice(0, count)) entries.set(name, target);
    for (const [name, target] of entries) {
      const path = join(into, relative(this.#root, folder), name);
      if (target === "folder") {
        mkdirSync(path);
        this.#leaveFolder(join(folder, name), crash);
      } else if (target !== undefined) writeFileSync(path, contentOf(target, crash));
    }
  }

  #take(operation: DiskOperation): void {
    if (operation.kind === "say") return;
    const { begin, end, path } = operation;
    const known = this.#names.get(path);
    switch (operation.kind) {
      case "create":
        if (known === undefined) this.#name(operation, path, this.#create(path));
        else if (operation.truncates) known.changes.push(change(begin, end, 0, undefined));
        break;
      case "write":
        known?.changes.push(change(begin, end, operation.offset ?? sizeOf(known), operation.bytes));
        break;
      case "truncate":
        known?.changes.push(change(begin, end, operation.sizeBytes, undefined));
        break;
      case "rename":
        invariant(
          known !== undefined && dirname(path) === dirname(operation.to),
          "a rename stays in its folder",
        );
        this.#name(operation, operation.to, known);
        this.#name(operation, path, undefined);
        this.#names.delete(path);
        this.#names.set(operation.to, known);
        break;
      case "remove":
        this.#name(operation, path, undefined);
        this.#names.delete(path);
        break;
      case "makeFolder":
        this.#name(operation, path, "folder");
        this.#folders.set(path, []);
        break;
      case "sync":
        if (known !== undefined) syncAll(known.changes, operation);
        else if (operation.isDone) syncAll(this.#folders.get(path) ?? [], operation);
    }
  }

  #create(path: string): Inode {
    const inode = { changes: [] };
    this.#names.set(path, inode);
    return inode;
  }

  #name(
    at: { readonly begin: number; readonly end: number },
    path: string,
    target: NameChange["target"],
  ): void {
    const { begin, end } = at;
    const name = relative(dirname(path), path);
    this.#folders.get(dirname(path))?.push({ begin, end, name, target, durableAt: Number.POSITIVE_INFINITY });
  }
}

interface Crash {
  readonly at: number;
  /** Share of the unsynced changes that survive; below 1 some of those are torn. */
  readonly share: number;
  readonly random: SeededRandom;
  readonly into: string;
}

function change(begin: number, end: number, offset: number, bytes: Uint8Array | undefined): Change {
  return { begin, end, offset, bytes, durableAt: Number.POSITIVE_INFINITY };
}

/** A sync keeps what had ended when it began; one that failed leaves that to chance for ever. */
function syncAll(
  changes: readonly { readonly end: number; durableAt: number }[],
  sync: DiskOperation & { readonly kind: "sync" },
): void {
  for (const each of changes) {
    if (each.durableAt !== Number.POSITIVE_INFINITY || each.end >= sync.begin) continue;
    each.durableAt = sync.isDone ? sync.end : Number.NaN;
  }
}

/** The size of a file as its process sees it. */
function sizeOf({ changes }: Inode): number {
  let size = 0;
  for (const { offset, bytes } of changes)
    size = bytes === undefined ? offset : Math.max(size, offset + bytes.length);
  return size;
}

function contentOf({ changes }: Inode, { at, share, random }: Crash): Uint8Array {
  let content = Buffer.alloc(0);
  let sizeBytes = 0;
  const resize = (bytes: number): void => {
    sizeBytes = bytes;
    if (bytes > content.length) content = Buffer.concat([content], 2 * bytes);
    content.fill(0, bytes);
  };
  const write = (offset: number, bytes: Uint8Array): void => {
    if (offset + bytes.length > sizeBytes) resize(offset + bytes.length);
    content.set(bytes, offset);
  };
  for (const { begin, offset, bytes, durableAt } of changes) {
    if (begin > at) break;
    const isKept = durableAt <= at || (share > 0 && random.next() < share);
    if (!isKept) continue;
    if (bytes === undefined) resize(offset);
    else if (durableAt <= at || share === 1 || random.next() < 0.7) write(offset, bytes);
    else for (const [start, piece] of torn(offset, bytes, random)) write(start, piece);
  }
  return content.subarray(0, sizeBytes);
}

/** Some of the sectors of a write. */
function torn(
  offset: number,
  bytes: Uint8Array,
  random: SeededRandom,
): readonly (readonly [number, Uint8Array])[] {
  const pieces: [number, Uint8Array][] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + sectorBytes - ((offset + start) % sectorBytes));
    if (random.next() < 0.5) pieces.push([offset + start, bytes.subarray(start, end)]);
    start = end;
  }
  return pieces;
}
