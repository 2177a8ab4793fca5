import { copyFile, type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RecordEvent } from "@agentflow/core";
import { type EventCursor, standingOf } from "../run-events/event-cursor.ts";
import { ifThere } from "../run-events/if-there.ts";
import { eventLine, readEventLines } from "./event-lines.ts";

/** What became of events offered to a file. */
export type AppendResult =
  /** Those in `written` were new and are appended as `bytes`; `ahead` is the first before which others are missing. */
  | {
      readonly kind: "appended";
      readonly written: readonly RecordEvent[];
      readonly bytes: Uint8Array;
      readonly ahead?: RecordEvent;
    }
  /** An event replaced a known one, or somebody else changed the file: open it again and offer the events again. */
  | { readonly kind: "reopen" };

/** An opened file and what it holds. */
export interface OpenedEventFile {
  readonly file: EventFile;
  readonly events: readonly RecordEvent[];
  readonly bytes: Uint8Array;
}

const start: EventCursor = { seq: 0, epoch: 0 };

/**
 * The record events of one run in a file of JSON lines.
 *
 * 1. The file holds a dense prefix of the run's events, each once, in order.
 * 2. Opened, it ends with a whole row: what a crash tore is cut off; other damage is kept beside it under `.damaged`.
 * 3. A known seq under a newer epoch cuts the file back to before it (S7).
 */
export class EventFile {
  readonly path: string;
  readonly #fsync: boolean;
  #sizeBytes: number;
  #cursor: EventCursor;

  private constructor(path: string, fsync: boolean, sizeBytes: number, cursor: EventCursor) {
    this.path = path;
    this.#fsync = fsync;
    this.#sizeBytes = sizeBytes;
    this.#cursor = cursor;
  }

  /** Opens the file, mends it, and returns it with the events that it holds. `fsync` syncs each append. */
  static async open(
    path: string,
    options: { readonly fsync?: boolean | undefined } = {},
  ): Promise<OpenedEventFile> {
    await mkdir(dirname(path), { recursive: true });
    const bytes = (await ifThere(readFile(path))) ?? Buffer.alloc(0);
    const { events, sizeBytes, damage } = readEventLines(bytes);
    const cursor = events.at(-1) ?? start;
    if (damage?.kind === "broken") await copyFile(path, `${path}.damaged`);
    const handle = await open(path, "a");
    try {
      if (sizeBytes < bytes.length) await handle.truncate(sizeBytes);
    } finally {
      await handle.close();
    }
    const file = new EventFile(path, options.fsync === true, sizeBytes, cursor);
    return { file, events, bytes: bytes.subarray(0, sizeBytes) };
  }

  /** The newest event that the file holds. */
  get cursor(): EventCursor {
    return this.#cursor;
  }

  /** Appends the events that are new, in one write. */
  async append(events: readonly RecordEvent[]): Promise<AppendResult> {
    const handle = await ifThere(open(this.path, "r+"));
    if (handle === undefined) return { kind: "reopen" };
    try {
      if ((await handle.stat()).size !== this.#sizeBytes) return { kind: "reopen" };
      return await this.#appendTo(handle, events);
    } finally {
      await handle.close();
    }
  }

  async #appendTo(handle: FileHandle, events: readonly RecordEvent[]): Promise<AppendResult> {
    const written: RecordEvent[] = [];
    let cursor = this.#cursor;
    let ahead: RecordEvent | undefined;
    for (const event of events) {
      const standing = standingOf(event, cursor);
      if (standing === "known") continue;
      if (standing === "ahead") {
        ahead = event;
        break;
      }
      if (standing === "replaces") {
        await this.#write(handle, written);
        await handle.truncate(await this.#startOfLine(event.seq));
        return { kind: "reopen" };
      }
      written.push(event);
      cursor = event;
    }
    const bytes = await this.#write(handle, written);
    return { kind: "appended", written, bytes, ...(ahead === undefined ? {} : { ahead }) };
  }

  async #write(handle: FileHandle, events: readonly RecordEvent[]): Promise<Uint8Array> {
    const last = events.at(-1);
    if (last === undefined) return new Uint8Array();
    const bytes = Buffer.from(events.map(eventLine).join(""));
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.#sizeBytes + done);
      done += bytesWritten;
    }
    if (this.#fsync) await handle.datasync();
    this.#sizeBytes += bytes.length;
    this.#cursor = last;
    return bytes;
  }

  /** Where the line of an event starts; seq is dense from 1, so it is the line number. */
  async #startOfLine(seq: number): Promise<number> {
    const bytes = await readFile(this.path);
    let offset = 0;
    for (let line = 1; line < seq; line++) offset = bytes.indexOf(0x0a, offset) + 1;
    return offset;
  }
}
