import { isDeepStrictEqual } from "node:util";
import type { Emitter, RecordEvent } from "@agentflow/core";

/** An emitter that keeps one run's record events by the rule of S7, and outlives the processes that feed it. */
export class EventRecorder implements Emitter {
  readonly name = "recorder";
  readonly events: RecordEvent[] = [];
  /** Deliveries that break the promise: a gap, or one seq with two contents. */
  readonly problems: string[] = [];
  /** Events that were replaced because their seq came again under a newer epoch. */
  replaced = 0;

  emit(events: readonly RecordEvent[]): void {
    for (const event of events) this.#take(event);
  }

  #take(event: RecordEvent): void {
    const known = this.events[event.seq - 1];
    if (known === undefined) {
      const next = this.events.length + 1;
      if (event.seq === next) this.events.push(event);
      else this.problems.push(`event ${event.seq} came where ${next} was due`);
    } else if (event.epoch > known.epoch) {
      this.replaced += this.events.length - event.seq + 1;
      this.events.length = event.seq - 1;
      this.events.push(event);
    } else if (!isDeepStrictEqual(event, known)) {
      this.problems.push(`event ${event.seq} came twice with different contents`);
    }
  }
}
