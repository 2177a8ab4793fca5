import type { Clock, InboxRow } from "@agentflow/core";
import type { ParkReason } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";

interface Parked {
  until: number | undefined;
  cancel: (() => void) | undefined;
  /** It waits for a time, not only until a deadline. */
  isSleeping: boolean;
  /** Kind and key of the inbox rows it waits for. */
  readonly keys: Set<string>;
}

/** How often it is looked whether the wall clock has come to a time by a jump, in milliseconds. */
const recheckMs = 60_000;

/**
 * Steps of a run that wait for the outside (S13), and what has come in for them.
 *
 * 1. A step wakes at most once per parking: by its time, which is never early, by an answer, or by an event.
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

  /** A step goes on by itself at a time, whatever comes in from outside: this process keeps the run for it. */
  get isSleeping(): boolean {
    return [...this.#parked.values()].some((parked) => parked.isSleeping);
  }

  has(task: StepTask): boolean {
    return this.#parked.has(task);
  }

  /** Parks the step; one that waits for several things wakes by the first. */
  park(task: StepTask, reason: ParkReason): void {
    const fresh = { until: undefined, cancel: undefined, isSleeping: false, keys: new Set<string>() };
    const parked: Parked = this.#parked.get(task) ?? fresh;
    this.#parked.set(task, parked);
    task.status = "waiting";
    if (reason.kind === "time") parked.isSleeping = true;
    else parked.keys.add(keyOf(reason));
    const until = reason.kind === "time" ? reason.until : reason.deadline;
    if (until === undefined || (parked.until !== undefined && parked.until <= until)) return;
    parked.cancel?.();
    parked.until = until;
    this.#arm(task, parked, until);
  }

  /**
   * The time is one of the wall clock, which may be set, or go on while the machine sleeps: beside the timer that ends
   * the wait it is looked at now and then.
   */
  #arm(task: StepTask, parked: Parked, until: number): void {
    const leftMs = Math.max(0, until - this.#clock.now());
    const look = (): void => {
      cancelEnd();
      cancelLook?.();
      if (this.#clock.now() >= until) this.wake(task);
      else this.#arm(task, parked, until);
    };
    const cancelEnd = this.#clock.setTimer(leftMs, look);
    const cancelLook =
      leftMs <= recheckMs ? undefined : this.#clock.setTimer(recheckMs, look, { background: true });
    parked.cancel = () => {
      cancelEnd();
      cancelLook?.();
    };
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

  /** The answer of this row is none any more. */
  refuse(id: number): void {
    for (const [key, row] of this.#answers) if (row.id === id) this.#answers.delete(key);
  }

  hasEvent(key: string): boolean {
    return this.#events.some((event) => event.key === key);
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
