import type { Emitter } from "@agentflow/core";
import { BoundedMap } from "../run-events/bounded-map.ts";
import { RunQueues } from "../run-events/run-queues.ts";
import type { ReadEvents } from "../run-events/stored-events.ts";
import { EventWriter } from "./event-writer.ts";

/** Options of a JSONL emitter. */
export interface JsonlEmitterOptions {
  /** The file of a run's events. */
  readonly pathOf: (runId: string) => string;
  /** Reads events that a file lacks; see `storedEvents`. */
  readonly readEvents: ReadEvents;
  /** Sync each batch to the disk. Default: false, which survives the end of the process but not a power loss. */
  readonly fsync?: boolean;
}

const openRunsMax = 256;

/** Appends each run's record events to a file of JSON lines: every event once, in order (RUN-1, RUN-3). */
export function jsonlEmitter(options: JsonlEmitterOptions): Emitter {
  const { pathOf, readEvents, fsync } = options;
  const writers = new BoundedMap<string, EventWriter>(openRunsMax);
  const queues = new RunQueues((runId, events) =>
    writers.getOr(runId, () => new EventWriter({ path: pathOf(runId), readEvents, fsync })).write(events),
  );
  return {
    name: "jsonl",
    emit: (events) => queues.add(events),
    flush: () => queues.flush(),
    close: () => queues.flush(),
  };
}
