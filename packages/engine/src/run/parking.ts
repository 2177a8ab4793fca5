import type { Clock, InboxRow } from "@agentflow/core";
import type { ParkReason } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";

interface Parked {
  until: number | undefined;
  cancel: (() => void) | undefined;
  /** Kind and key of the inbox rows it waits for. */
  readonly keys: Set<string>;
}

/**
 * Steps of a run that wait for the outside (S13), and what has come in for them.
 *
 * 1. A step wakes at most once per parking: by its time, by an answer, or by an event.
 * 2. An event is taken by one step, the oldest first.
 */
export class Parking {
  readonly #clock: Clock;
  readonly #onWake: (task: StepTask) => void;
  readonly #parked = new Map<StepTask, Parked>();
  readonly #answers = new Map<string, InboxRow>();
  #events: InboxRow[] = [];
  /** Id of the newest inbox row seen. */
  inboxSeen = 0;

  constructor(clock: Clock, onWake: (task: StepTask) => void) {
    this.#clock = clock;
    this.#onWake = onWake;
  }

  get size(): number {
    return this.#parked.size;
  }

  get tasks(): readonly StepTask[] {
    return [...this.#parked.keys()];
  }

  /** The earliest time at which a parked step goes on by itself, in wall-clock milliseconds. */
  get wakeAt(): number | undefined {
    const times = [...this.#parked.values()].map(({ until }) => until).filter((until) => until !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  has(task: StepTask): boolean {
    return this.#parked.has(task);
  }

  /** Parks the step; one that waits for several things wakes by the first. */
  park(task: StepTask, reason: ParkReason): void {
    const parked = this.#parked.get(task) ?? { until: undefined, cancel: undefined, keys: new Set() };
    this.#parked.set(task, parked);
    task.status = "waiting";
    if (reason.kind !== "time") {
      parked.keys.add(keyOf(reason));
      return;
    }
    if (parked.until !== undefined && parked.until <= reason.until) return;
    parked.cancel?.();
    parked.until = reason.until;
    const delayMs = Math.max(0, reason.until - this.#clock.now());
    parked.cancel = this.#clock.setTimer(delayMs, () => this.wake(task));
  }

  wake(task: StepTask): void {
    if (!this.#parked.has(task)) return;
    this.forget(task);
    this.#onWake(task);
  }

  /** The step's function has ended although part of it waited, or its scope has. */
  forget(task: StepTask): void {
    this.#parked.get(task)?.cancel?.();
    this.#parked.delete(task);
  }

  /** Takes rows of the inbox; `taken` are ids of events that steps have taken before. Wakes who waits for one. */
  receive(rows: readonly InboxRow[], taken: ReadonlySet<number>): void {
    const arrived = new Set<string>();
    for (const row of rows) {
      if (row.id <= this.inboxSeen) continue;
      this.inboxSeen = row.id;
      if (row.kind === "answer") this.#answers.set(row.key, row);
      else if (row.kind === "event" && !taken.has(row.id)) this.#events.push(row);
      arrived.add(keyOf(row));
    }
    for (const [task, { keys }] of [...this.#parked]) if (!keys.isDisjointFrom(arrived)) this.wake(task);
  }

  answerTo(interruptId: string): InboxRow | undefined {
    return this.#answers.get(interruptId);
  }

  takeEvent(key: string): InboxRow | undefined {
    const row = this.#events.find((event) => event.key === key);
    if (row !== undefined) this.#events = this.#events.filter((event) => event !== row);
    return row;
  }

  clear(): void {
    for (const { cancel } of this.#parked.values()) cancel?.();
    this.#parked.clear();
  }
}

function keyOf({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}
