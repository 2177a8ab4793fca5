import {
  type Clock,
  type Emitter,
  eventCount,
  eventsOf,
  type LiveEvent,
  type RecordEvent,
  type RecordRow,
  type RunStore,
} from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";
import { Delivery, EmitterQueue } from "./delivery.ts";
import type { LiveListeners } from "./live-listeners.ts";

/** A run whose committed rows are to be told. */
export interface ToldRun {
  readonly origin: { readonly tenant: string; readonly runId: string };
  /** `emitted` is the cursor: record events that every emitter has taken (S7). */
  readonly log: { emitted: number };
}

/** What the outbox works with. */
export interface OutboxOptions {
  readonly emitters: readonly Emitter[];
  /** Who reads which run in this process. */
  readonly listeners: LiveListeners;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly onEmitterError: (emitter: string, error: unknown) => void;
}

/**
 * Takes committed rows to the emitters and to readers (S6, S7, RUN-3).
 *
 * 1. Record events are derived only after their commit is durable, and reach each emitter in order.
 * 2. The cursor moves to where every emitter has got; what lies beyond is delivered again after a crash.
 * 3. Each emitter has a place of its own in each run: one that fails or is slow is reported, or served from the store
 *    later; it never stops a run, and no other emitter is given anything again for it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #liveEmitters: readonly Emitter[];
  readonly #queues: readonly EmitterQueue[];
  readonly #deliveries = new Map<ToldRun, readonly Delivery[]>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#liveEmitters = options.emitters.filter((emitter) => emitter.live !== undefined);
    this.#queues = options.emitters.map((emitter) => new EmitterQueue(emitter));
  }

  /** The rows of a commit that has just become durable, in event order. */
  take(run: ToldRun, commit: { readonly records: readonly RecordRow[] }): void {
    this.#options.listeners.notify(run.origin.runId, () => lastEventOf(commit.records));
    if (this.#queues.length === 0) return;
    const events: RecordEvent[] = [];
    let characters = 0;
    for (const record of commit.records) {
      for (const event of eventsOf(record, run.origin)) events.push(event);
      characters += charactersOf(record);
    }
    for (const delivery of this.#deliveriesOf(run, run.log.emitted)) delivery.offer({ events, characters });
  }

  /** The run has something new to read, or has stopped. */
  notify(runId: string): void {
    this.#options.listeners.notify(runId);
  }

  /** Delivers again what emitters had perhaps not taken when an earlier owner stopped. */
  redeliver(run: ToldRun, head: number): void {
    for (const delivery of this.#deliveriesOf(run, head)) delivery.redeliver();
  }

  /** Waits until everything of a run is delivered, or has failed once more; then forgets the run. */
  async finish(run: ToldRun): Promise<void> {
    await Promise.all((this.#deliveries.get(run) ?? []).map((delivery) => delivery.finish()));
    this.#deliveries.delete(run);
  }

  /** Tells of a failure of something beside the run. */
  report(name: string, error: unknown): void {
    this.#options.onEmitterError(name, error);
  }

  live(runId: string, event: Omit<LiveEvent, "ts" | "runId">): void {
    if (this.#liveEmitters.length === 0 && !this.#options.listeners.has(runId)) return;
    const whole: LiveEvent = { ts: new Date(this.#options.clock.now()).toISOString(), runId, ...event };
    this.#options.listeners.push(whole);
    for (const emitter of this.#liveEmitters) this.#guard(emitter, () => emitter.live?.(whole));
  }

  running(runId: string, task: StepTask): void {
    if (this.#liveEmitters.length === 0 && !this.#options.listeners.has(runId)) return;
    const { attempt } = task;
    this.live(runId, { type: "step.running", step: task.stepId, data: { node: task.node.name, attempt } });
  }

  /** A resumed step ended without having met all it had recorded: its code has changed (S19). */
  unmatched(runId: string, task: StepTask): void {
    const entries = task.journal.unmet.map(({ kind, name, nth }) => ({ kind, name, nth }));
    if (entries.length > 0)
      this.live(runId, { type: "custom", step: task.stepId, data: { unmatchedEntries: entries } });
  }

  blocked(runId: string, queued: number): void {
    this.live(runId, { type: "backpressure", data: { queued } });
  }

  #deliveriesOf(run: ToldRun, head: number): readonly Delivery[] {
    const known = this.#deliveries.get(run);
    if (known !== undefined) return known;
    const { runs, onEmitterError } = this.#options;
    const made: Delivery[] = [];
    const onTaken = (): void => {
      run.log.emitted = Math.min(...made.map(({ taken }) => taken));
    };
    for (const queue of this.#queues) {
      const parts = { queue, origin: run.origin, runs, onTaken, onFailed: onEmitterError };
      made.push(new Delivery(parts, run.log.emitted, head));
    }
    this.#deliveries.set(run, made);
    return made;
  }

  #guard(emitter: Emitter, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onEmitterError(emitter.name, error);
    }
  }
}

function lastEventOf(records: readonly RecordRow[]): number | undefined {
  const last = records.at(-1);
  return last === undefined ? undefined : last.row.event + eventCount(last) - 1;
}

/** Characters of a row's texts of any length: about what its events take. */
function charactersOf({ row }: RecordRow): number {
  let characters = 0;
  for (const value of Object.values(row)) {
    if (typeof value === "string") characters += value.length;
    else if (typeof value === "object" && value !== null) characters += value.value.length;
  }
  return characters;
}
