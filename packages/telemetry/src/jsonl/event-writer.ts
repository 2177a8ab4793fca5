import { type RecordEvent, StoreCorruptError, StoreFailedError } from "@agentflow/core";
import { standingOf } from "../run-events/event-cursor.ts";
import type { ReadEvents } from "../run-events/stored-events.ts";
import { EventFile } from "./event-file.ts";

/** What goes with the lines of a run. */
export interface EventWriterHooks {
  /** Called with the events that the file holds already, whenever it was opened. */
  onOpened?(events: readonly RecordEvent[], bytes: Uint8Array): void;
  /** Called before events are written that may be new; what they refer to must be there first. */
  beforeWrite?(events: readonly RecordEvent[]): Promise<void>;
  /** Called with the events that were appended, and their lines. */
  onWritten?(events: readonly RecordEvent[], bytes: Uint8Array): void;
}

/** What an event writer needs. */
export interface EventWriterOptions extends EventWriterHooks {
  readonly path: string;
  readonly fsync?: boolean | undefined;
  readonly readEvents: ReadEvents;
}

/** How often a file may change under a writer's hands within one batch. */
const openedMax = 10;

/** Keeps one run's event file whole: what it lacks, because lines were lost or never came, is read from the store. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #file: EventFile | undefined;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Writes what is new of these events of one run, which are in order, and whatever is missing before them. */
  async write(events: readonly RecordEvent[]): Promise<void> {
    let left = events;
    for (let opened = 0; left.length > 0; ) {
      if (this.#file === undefined) opened += 1;
      if (opened > openedMax) throw this.#unsteady();
      const file = this.#file ?? (await this.#open());
      left = left.filter((event) => standingOf(event, file.cursor) !== "known");
      if (left[0] !== undefined && standingOf(left[0], file.cursor) === "ahead") {
        await this.#catchUp(file, left[0]);
      } else if (await this.#append(file, left)) {
        return;
      }
    }
  }

  /** True if all of them are taken; false if the file was opened again and the rest must be offered again. */
  async #append(file: EventFile, events: readonly RecordEvent[]): Promise<boolean> {
    await this.#options.beforeWrite?.(events);
    const result = await file.append(events);
    if (result.kind === "reopen") {
      this.#file = undefined;
      return false;
    }
    this.#options.onWritten?.(result.written, result.bytes);
    return result.ahead === undefined;
  }

  async #open(): Promise<EventFile> {
    const { path, fsync } = this.#options;
    const { file, events, bytes } = await EventFile.open(path, { fsync });
    this.#file = file;
    this.#options.onOpened?.(events, bytes);
    return file;
  }

  #unsteady(): StoreFailedError {
    const { path } = this.#options;
    return new StoreFailedError(`${path} was changed by somebody else each time it was opened.`, {
      context: { path },
    });
  }

  async #catchUp(file: EventFile, ahead: RecordEvent): Promise<void> {
    const before = file.cursor.seq;
    for await (const page of this.#options.readEvents(ahead.runId, before)) {
      const isWhole = await this.#append(file, page);
      if (this.#file !== file) return;
      // A page that begins too late would be read again for ever.
      if (!isWhole && file.cursor.seq === before) break;
      if (!isWhole) return;
      if (file.cursor.seq >= ahead.seq) return;
    }
    if (file.cursor.seq > before) return;
    throw new StoreCorruptError(`The store lacks the events of run ${ahead.runId} after ${before}.`, {
      context: { runId: ahead.runId, afterSeq: before, nextSeq: ahead.seq },
    });
  }
}
