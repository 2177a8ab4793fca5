import {
  type Clock,
  finishedStatuses,
  type LiveEvent,
  type RunHead,
  RunNotFoundError,
  type RunStore,
  ValidationError,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { LiveListeners } from "../emit/live-listeners.ts";
import { LiveBuffer } from "./live-buffer.ts";
import { type RecordItem, RecordItems } from "./record-items.ts";
import {
  type EventsOptions,
  type StreamItem,
  type StreamMode,
  type StreamRequest,
  streamRequest,
} from "./stream-options.ts";

/** How often a run of another process is looked at, in milliseconds. */
const pollMs = 250;

/** What a stream reads from. */
export interface StreamSource {
  readonly tenant: string;
  readonly runId: string;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly listeners: LiveListeners;
  /** Whether the run has stopped in this process; undefined where it is followed to its end in whichever process. */
  readonly hasStopped: () => boolean | undefined;
  /** For values. */
  readonly workflow: CompiledWorkflow | undefined;
}

/** A stream of a run with what its modes yield. Throws ValidationError for options. */
export function streamRun<State extends object, Mode extends StreamMode>(
  options: EventsOptions<Mode>,
  source: StreamSource,
): AsyncGenerator<StreamItem<State, Mode>, void, void> {
  const stream = eventStream(streamRequest(options), source);
  return stream as AsyncGenerator<StreamItem<State, Mode>, void, void>;
}

const recordModes: readonly StreamMode[] = ["events", "deltas", "values"];

/**
 * One reader of a run: what is committed comes from the store in order and without gap or repeat, live events of this
 * process come between (S6, S7). It holds on to nothing before its first `next` and after `return`, which also ends a
 * `next` that waits.
 */
export function eventStream(
  request: StreamRequest,
  source: StreamSource,
): AsyncGenerator<RecordItem | LiveEvent, void, void> {
  if (request.modes.has("values") && source.workflow === undefined) throw needsWorkflow(source.runId);
  const reader = new StreamReader(request, source);
  const items = reader.items();
  const leave = async (): Promise<IteratorResult<RecordItem | LiveEvent, void>> => {
    reader.stop();
    return items.return();
  };
  return {
    next: () => items.next(),
    return: leave,
    throw: async (error: unknown) => {
      await leave();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await leave();
    },
  };
}

class StreamReader {
  readonly #request: StreamRequest;
  readonly #source: StreamSource;
  readonly #live: LiveBuffer;
  #isStopped = false;

  constructor(request: StreamRequest, source: StreamSource) {
    this.#request = request;
    this.#source = source;
    this.#live = new LiveBuffer(request);
  }

  /** The reader wants no more. */
  stop(): void {
    this.#isStopped = true;
    this.#live.notify();
  }

  async *items(): AsyncGenerator<RecordItem | LiveEvent, void, void> {
    const { listeners, runId } = this.#source;
    const remove = this.#request.follow ? listeners.add(runId, this.#live) : undefined;
    try {
      const records = await this.#open();
      while (!this.#isStopped) {
        const hasEnded = this.#source.hasStopped() === true;
        this.#live.reset();
        yield* this.#merged(records);
        if (this.#isStopped || (await records?.load()) === true) continue;
        await records?.checkWhole();
        if (!this.#request.follow || hasEnded || (await this.#hasFinished(records))) {
          yield* this.#rest();
          return;
        }
        await this.#wait();
      }
    } finally {
      remove?.();
    }
  }

  /** What is read of rows, and live events each before the record events that followed it. */
  async *#merged(records: RecordItems | undefined): AsyncGenerator<RecordItem | LiveEvent, void, void> {
    while (!this.#isStopped) {
      const live = this.#live.take(records?.seq ?? Number.POSITIVE_INFINITY);
      const next = live ?? (await records?.next());
      if (next === undefined) return;
      yield next;
    }
  }

  /** Live events that are left when nothing more is committed here. */
  *#rest(): Generator<LiveEvent, void, void> {
    for (;;) {
      const live = this.#live.take(Number.POSITIVE_INFINITY);
      if (live === undefined) return;
      yield live;
    }
  }

  async #open(): Promise<RecordItems | undefined> {
    const { runs, workflow, tenant, runId } = this.#source;
    const head = await this.#readHead();
    if (head === undefined)
      throw new RunNotFoundError(`There is no run ${runId}.`, { context: { runId, tenant } });
    if (!recordModes.some((mode) => this.#request.modes.has(mode))) return undefined;
    this.#live.notify(head.events);
    const records = new RecordItems(this.#request, { head, runs, workflow });
    await records.open();
    return records;
  }

  /** Whether a run that is followed across processes has ended, and the reader has its end. */
  async #hasFinished(records: RecordItems | undefined): Promise<boolean> {
    if (this.#source.hasStopped() !== undefined) return false;
    const head = await this.#readHead();
    if (head === undefined) return true;
    const isOver = finishedStatuses.some((status) => status === head.status);
    return isOver && (records === undefined || records.seq >= head.events);
  }

  #readHead(): Promise<RunHead | undefined> {
    const { runs, tenant, runId } = this.#source;
    return runs.readHead(tenant, runId);
  }

  /** Until something is told here; a run that may be in another process is looked at again after a while. */
  async #wait(): Promise<void> {
    if (this.#source.hasStopped() !== undefined) return this.#live.signal();
    const cancel = this.#source.clock.setTimer(pollMs, () => this.#live.notify());
    await this.#live.signal();
    cancel();
  }
}

function needsWorkflow(runId: string): ValidationError {
  return new ValidationError(
    "AF_ARGUMENT_INVALID",
    `The values of run ${runId} cannot be folded without its workflow.`,
    { hint: 'Give it: `{ modes: ["values"], workflow }`.', context: { runId } },
  );
}
