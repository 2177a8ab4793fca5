import {
  CursorError,
  eventsOf,
  type LiveEvent,
  type RunEvent,
  type RunHead,
  type RunStore,
} from "@agentflow/core";
import type { LiveListeners } from "./live-listeners.ts";

/** Which events to read, and how. */
export interface EventsRequest {
  readonly tenant: string;
  readonly runId: string;
  /** Yield record events above this seq. */
  readonly after: number;
  /** Go on with new events until the run stops; otherwise end at the head. */
  readonly follow: boolean;
  /** Live events kept for a slow reader; beyond it the oldest are dropped and counted (S6). */
  readonly liveBuffer?: number;
}

const pageRows = 256;
const finished: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);

/**
 * The events of a run from the store, in order and without gap or repeat (S7), and, while it runs in this process, live
 * events between them. `stopped` resolves when the run stops here; without it, following another process's run asks the
 * store again every `pollMs`. Throws CursorError if `after` is past the head.
 */
export async function* readRunEvents(
  request: EventsRequest,
  from: {
    readonly runs: RunStore;
    readonly listeners: LiveListeners;
    readonly stopped: Promise<unknown> | undefined;
    readonly wait: (delayMs: number) => Promise<void>;
    readonly pollMs: number;
  },
): AsyncGenerator<RunEvent, void, void> {
  const { tenant, runId } = request;
  const inbox = new LiveInbox(request.liveBuffer ?? 1024);
  const remove = request.follow ? from.listeners.add(runId, inbox) : undefined;
  let hasStopped = false;
  void from.stopped?.then(() => {
    hasStopped = true;
    inbox.notify();
  });
  let after = request.after;
  let rowsAfter = after;
  try {
    checkCursor(await from.runs.readHead(tenant, runId), after);
    rowsAfter = await rowBoundary(from.runs, request);
    for (;;) {
      const wasStopped = hasStopped;
      inbox.reset();
      const rows = await from.runs.readRecords({ tenant, runId, afterEvent: rowsAfter, limit: pageRows });
      for (const row of rows) {
        rowsAfter = row.row.event;
        for (const event of eventsOf(row, { runId })) {
          if (event.seq <= after) continue;
          after = event.seq;
          yield event;
        }
      }
      yield* inbox.take();
      if (rows.length > 0) continue;
      if (!request.follow || wasStopped) return;
      if (from.stopped !== undefined) await inbox.signal();
      else if (isFinished(await from.runs.readHead(tenant, runId), after)) return;
      else await from.wait(from.pollMs);
    }
  } finally {
    remove?.();
  }
}

/** An event number below the row that holds the event after the cursor: a row may give several events. */
async function rowBoundary(runs: RunStore, { tenant, runId, after }: EventsRequest): Promise<number> {
  for (let back = 8; back < after; back *= 8) {
    const [first] = await runs.readRecords({ tenant, runId, afterEvent: after - back, limit: 1 });
    if (first !== undefined && first.row.event <= after + 1) return after - back;
  }
  return 0;
}

function checkCursor(head: RunHead | undefined, after: number): void {
  if (after <= (head?.events ?? 0)) return;
  throw new CursorError(`Event ${after} is past the last event ${head?.events ?? 0} of the run.`, {
    context: { after, head: head?.events ?? 0 },
  });
}

function isFinished(head: RunHead | undefined, after: number): boolean {
  return head === undefined || (finished.has(head.status) && after >= head.events);
}

/** Live events on their way to one reader; it never makes the run wait (S6). */
class LiveInbox {
  readonly #limit: number;
  #events: LiveEvent[] = [];
  #dropped = 0;
  #wake: (() => void) | undefined;
  #isSignalled = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  notify(): void {
    this.#isSignalled = true;
    this.#wake?.();
  }

  live(event: LiveEvent): void {
    if (this.#events.length === this.#limit) {
      this.#events.shift();
      this.#dropped++;
    }
    this.#events.push(event);
    this.notify();
  }

  /** To be called before the store is read: what comes in later wakes the reader. */
  reset(): void {
    this.#isSignalled = false;
  }

  signal(): Promise<void> {
    if (this.#isSignalled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  take(): LiveEvent[] {
    const events = this.#events;
    this.#events = [];
    const first = events[0];
    if (this.#dropped === 0 || first === undefined) return events;
    const dropped: LiveEvent = {
      ts: first.ts,
      runId: first.runId,
      type: "dropped",
      data: { count: this.#dropped },
    };
    this.#dropped = 0;
    return [dropped, ...events];
  }
}
