import {
  type Clock,
  type Emitter,
  eventsOf,
  type LiveEvent,
  type RecordEvent,
  type RecordRow,
  type RunStore,
} from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";
import { LiveListeners } from "./live-listeners.ts";
import type { RunMetrics } from "./run-metrics.ts";

/** A run whose committed rows are to be told. */
export interface ToldRun {
  readonly origin: { readonly tenant: string; readonly runId: string };
  /** `emitted` is the cursor: record events that every emitter has taken (S7). */
  readonly log: { emitted: number };
}

/** What the outbox works with. */
export interface OutboxOptions {
  readonly emitters: readonly Emitter[];
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly metrics: RunMetrics;
  readonly onEmitterError: (emitter: string, error: unknown) => void;
}

/** Rows read from the store at a time when an emitter is behind. */
const catchUpRows = 512;

/**
 * Takes committed rows to the emitters and to readers (S6, S7, RUN-3).
 *
 * 1. Record events are derived only after their commit is durable, and reach each emitter in order.
 * 2. The cursor moves to where every emitter has got; what lies beyond is delivered again after a crash.
 * 3. A failing emitter is reported and served again from the store with the next rows; it never stops a run.
 */
export class Outbox {
  readonly listeners = new LiveListeners();
  readonly #options: OutboxOptions;
  readonly #liveEmitters: readonly Emitter[];
  readonly #chains = new Map<ToldRun, Promise<void>>();
  readonly #behind = new Map<ToldRun, Map<Emitter, number>>();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#liveEmitters = options.emitters.filter((emitter) => emitter.live !== undefined);
  }

  /** The rows of a commit that has just become durable, in event order. */
  take(run: ToldRun, commit: { readonly records: readonly RecordRow[] }): void {
    this.listeners.notify(run.origin.runId);
    if (this.#options.emitters.length === 0) return;
    const events: RecordEvent[] = [];
    for (const record of commit.records) for (const event of eventsOf(record, run.origin)) events.push(event);
    this.#follow(run, () => this.#deliver(run, events));
  }

  /** Delivers again what emitters had perhaps not taken when an earlier owner stopped. */
  redeliver(run: ToldRun, head: number): void {
    const after = run.log.emitted;
    if (this.#options.emitters.length === 0 || after >= head) return;
    this.#behind.set(run, new Map(this.#options.emitters.map((emitter) => [emitter, after])));
    this.#follow(run, () => this.#catchUp(run, head));
  }

  /** Waits until everything of a run is delivered, or has failed once more; then forgets the run. */
  async finish(run: ToldRun, head: number): Promise<void> {
    // Only after it has answered is it known whether an emitter is behind.
    await this.#chains.get(run);
    if (this.#behind.has(run)) this.#follow(run, () => this.#catchUp(run, head));
    await this.#chains.get(run);
    this.#chains.delete(run);
    this.#behind.delete(run);
  }

  /** Tells of a failure of something beside the run. */
  report(name: string, error: unknown): void {
    this.#options.onEmitterError(name, error);
  }

  live(runId: string, event: Omit<LiveEvent, "ts" | "runId">): void {
    if (this.#liveEmitters.length === 0 && !this.listeners.has(runId)) return;
    const whole: LiveEvent = { ts: new Date(this.#options.clock.now()).toISOString(), runId, ...event };
    this.listeners.push(whole);
    for (const emitter of this.#liveEmitters) this.#guard(emitter, () => emitter.live?.(whole));
  }

  running(runId: string, task: StepTask): void {
    if (this.#liveEmitters.length === 0 && !this.listeners.has(runId)) return;
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
    this.#options.metrics.blocked();
    this.live(runId, { type: "backpressure", data: { queued } });
  }

  /** Runs `work` after earlier work of the run; at once if there is none, so that plain emitters cost no turn. */
  #follow(run: ToldRun, work: () => Promise<void> | undefined): void {
    const before = this.#chains.get(run);
    const begun = before === undefined ? work() : before.then(work);
    if (begun === undefined) return;
    const chain = begun.then(() => {
      if (this.#chains.get(run) === chain) this.#chains.delete(run);
    });
    this.#chains.set(run, chain);
  }

  #deliver(run: ToldRun, events: readonly RecordEvent[]): Promise<void> | undefined {
    const head = events.at(-1)?.seq;
    if (head === undefined) return undefined;
    if (this.#behind.has(run)) return this.#catchUp(run, head);
    const waiting: Promise<void>[] = [];
    for (const emitter of this.#options.emitters) {
      try {
        const taken = emitter.emit(events);
        if (taken instanceof Promise)
          waiting.push(taken.catch((error: unknown) => this.#failed(run, emitter, error)));
      } catch (error) {
        this.#failed(run, emitter, error);
      }
    }
    if (waiting.length === 0) {
      this.#advance(run, head);
      return undefined;
    }
    return Promise.all(waiting).then(() => this.#advance(run, head));
  }

  #failed(run: ToldRun, emitter: Emitter, error: unknown): void {
    this.#options.onEmitterError(emitter.name, error);
    const behind = this.#behind.get(run) ?? new Map<Emitter, number>();
    if (!behind.has(emitter)) behind.set(emitter, run.log.emitted);
    this.#behind.set(run, behind);
  }

  #advance(run: ToldRun, head: number): void {
    const behind = this.#behind.get(run);
    run.log.emitted = behind === undefined || behind.size === 0 ? head : Math.min(...behind.values());
  }

  async #catchUp(run: ToldRun, head: number): Promise<void> {
    const behind = this.#behind.get(run) ?? new Map<Emitter, number>();
    // Emitters that kept up have the events of this call still to come, like those that did not.
    for (const emitter of this.#options.emitters)
      if (!behind.has(emitter)) behind.set(emitter, run.log.emitted);
    for (const [emitter, after] of behind) {
      try {
        await this.#serve(run, emitter, { after, head });
        behind.delete(emitter);
      } catch (error) {
        this.#options.onEmitterError(emitter.name, error);
      }
    }
    if (behind.size === 0) this.#behind.delete(run);
    this.#advance(run, head);
  }

  async #serve(run: ToldRun, emitter: Emitter, range: { after: number; head: number }): Promise<void> {
    const { runs } = this.#options;
    let { after } = range;
    while (after < range.head) {
      const records = await runs.readRecords({ ...run.origin, afterEvent: after, limit: catchUpRows });
      const events = records.flatMap((record) => eventsOf(record, run.origin));
      const last = events.at(-1);
      if (last === undefined) return;
      await emitter.emit(events);
      after = last.seq;
    }
  }

  #guard(emitter: Emitter, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onEmitterError(emitter.name, error);
    }
  }
}
