import { type Emitter, eventsOf, type RecordEvent, type RunStore } from "@agentflow/core";

/** How much the events that wait for one emitter may take, over all runs; the rest stays in the store. */
const queuedEventsMax = 4_096;
const queuedCharactersMax = 4 * 1024 * 1024;

/** Rows read at a time for an emitter that is behind, and for one whose last delivery failed. */
const pageRows = 512;
const trialRows = 8;

/** What waits for one emitter, over all runs. */
export class EmitterQueue {
  readonly emitter: Emitter;
  #events = 0;
  #characters = 0;

  constructor(emitter: Emitter) {
    this.emitter = emitter;
  }

  /** Takes room for events if there is enough of it. */
  reserve(events: number, characters: number): boolean {
    if (this.#events + events > queuedEventsMax || this.#characters + characters > queuedCharactersMax)
      return false;
    this.#events += events;
    this.#characters += characters;
    return true;
  }

  free({ events, characters }: Batch): void {
    this.#events -= events.length;
    this.#characters -= characters;
  }
}

/** Events of one commit, and how many characters their rows have. */
export interface Batch {
  readonly events: readonly RecordEvent[];
  readonly characters: number;
}

/** What deliveries of one run work with. */
export interface DeliveryParts {
  readonly queue: EmitterQueue;
  readonly origin: { readonly tenant: string; readonly runId: string };
  readonly runs: RunStore;
  readonly onTaken: () => void;
  readonly onFailed: (emitter: string, error: unknown) => void;
}

/**
 * Takes the events of one run to one emitter, in order (S6, S7).
 *
 * 1. One call to the emitter at a time. Meanwhile events wait, as far as its queue has room; what does not fit is read
 *    from the store behind what it has taken.
 * 2. After a failure nothing waits in memory: with the next events it is tried with a few rows, so that an emitter which
 *    keeps failing costs little, and no other emitter is concerned.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  #waiting: Batch[] = [];
  #head: number;
  #working: Promise<void> | undefined;
  #hasFailed = false;
  /** `seq` of the last event that the emitter has taken. */
  taken: number;

  constructor(parts: DeliveryParts, taken: number, head: number) {
    this.#parts = parts;
    this.taken = taken;
    this.#head = head;
  }

  /** The events of a commit that has just become durable; at once if the emitter is free, so that it costs no turn. */
  offer(batch: Batch): void {
    const last = batch.events.at(-1);
    if (last === undefined) return;
    const isNext = this.taken + 1 === batch.events[0]?.seq;
    const isBehind = this.#queuedTo < this.#head;
    this.#head = last.seq;
    if (this.#working !== undefined) {
      const fits =
        !isBehind && !this.#hasFailed && this.#parts.queue.reserve(batch.events.length, batch.characters);
      if (fits) this.#waiting.push(batch);
    } else if (isNext) this.#begin(() => this.#emit(batch.events));
    else this.#begin(() => this.#catchUp(this.#hasFailed ? "one trial" : "all"));
  }

  /** Delivers what is left, in full; an emitter that fails once more is left behind. */
  async finish(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
    if (this.taken < this.#head) this.#begin(() => this.#catchUp("all"));
    while (this.#working !== undefined) await this.#working;
    this.#drop();
  }

  /** Starts to deliver what an earlier owner's emitters had perhaps not taken. */
  redeliver(): void {
    if (this.#working === undefined && this.taken < this.#head) this.#begin(() => this.#catchUp("all"));
  }

  get #queuedTo(): number {
    return (
      this.#waiting.at(-1)?.events.at(-1)?.seq ?? (this.#working === undefined ? this.taken : this.#given)
    );
  }

  /** `seq` of the last event given to the emitter, and of the last one there was when it had all. */
  #given = 0;
  #served = 0;

  #emit(events: readonly RecordEvent[]): void | Promise<void> {
    this.#given = events.at(-1)?.seq ?? this.#given;
    const answer = this.#parts.queue.emitter.emit(events);
    if (answer instanceof Promise) return answer.then(() => this.#take(events));
    this.#take(events);
  }

  #take(events: readonly RecordEvent[]): void {
    this.taken = events.at(-1)?.seq ?? this.taken;
    this.#hasFailed = false;
    this.#parts.onTaken();
  }

  #begin(work: () => void | Promise<void>): void {
    try {
      const answer = work();
      if (!(answer instanceof Promise)) return;
      this.#working = answer
        .then(() => this.#goOn())
        .catch((error: unknown) => this.#failed(error))
        .finally(() => {
          this.#working = undefined;
          // What came in after the last look would otherwise wait for the next commit.
          if (!this.#hasFailed && this.#head > this.#served) this.#begin(() => this.#goOn());
        });
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Everything that came in meanwhile: from the queue, then from the store. */
  async #goOn(): Promise<void> {
    while (this.taken < this.#head) {
      const batch = this.#waiting.shift();
      if (batch === undefined) {
        await this.#catchUp("all");
        break;
      }
      this.#parts.queue.free(batch);
      await this.#emit(batch.events);
    }
    this.#served = this.#head;
  }

  async #catchUp(extent: "all" | "one trial"): Promise<void> {
    this.#drop();
    const { origin, runs } = this.#parts;
    const limit = extent === "all" ? pageRows : trialRows;
    this.#given = this.#head;
    while (this.taken < this.#head) {
      const records = await runs.readRecords({ ...origin, afterEvent: this.taken, limit });
      const events = records.flatMap((record) => eventsOf(record, origin));
      if (events.length === 0) return;
      await this.#emit(events);
      if (extent === "one trial") return this.#catchUp("all");
    }
  }

  #failed(error: unknown): void {
    this.#hasFailed = true;
    this.#drop();
    this.#parts.onFailed(this.#parts.queue.emitter.name, error);
  }

  #drop(): void {
    for (const batch of this.#waiting) this.#parts.queue.free(batch);
    this.#waiting = [];
  }
}
