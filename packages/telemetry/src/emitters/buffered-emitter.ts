import type { Emitter, LiveEvent, RecordEvent } from "@agentflow/core";
import { standingOf } from "../run-events/event-cursor.ts";

/** Keeps events in memory, for tests. */
export interface BufferedEmitter extends Emitter {
  /** The record events of a run as a reader has them: each seq once, newer epochs winning (S7). */
  eventsOf(runId: string): readonly RecordEvent[];
  /** Everything in the order in which it was delivered, repetitions included. */
  readonly deliveries: readonly RecordEvent[];
  readonly liveEvents: readonly LiveEvent[];
}

/** Makes an emitter that keeps what it gets. */
export function bufferedEmitter(name = "buffered"): BufferedEmitter {
  const byRun = new Map<string, RecordEvent[]>();
  const deliveries: RecordEvent[] = [];
  const liveEvents: LiveEvent[] = [];
  return {
    name,
    deliveries,
    liveEvents,
    eventsOf: (runId) => byRun.get(runId) ?? [],
    live: (event) => {
      liveEvents.push(event);
    },
    emit: (events) => {
      for (const event of events) {
        deliveries.push(event);
        const known = byRun.get(event.runId) ?? [];
        byRun.set(event.runId, taken(known, event));
      }
    },
  };
}

function taken(known: RecordEvent[], event: RecordEvent): RecordEvent[] {
  const standing = standingOf(event, known.at(-1) ?? { seq: 0, epoch: 0 });
  if (standing === "known") return known;
  if (standing === "replaces") return [...known.filter(({ seq }) => seq < event.seq), event];
  known.push(event);
  return known;
}
