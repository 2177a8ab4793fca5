import {
  type Awaitable,
  type ExportStore,
  type InboxStore,
  type OwnershipStore,
  type QueueStore,
  type RetentionStore,
  type RunStore,
  type ScheduleStore,
  type StoreBackend,
  StoreUnavailableError,
  type WaitStore,
} from "@agentflow/core";
import { interceptBackend, type StoreMethod } from "./faults/intercept-backend.ts";

/**
 * What goes wrong at a call. `crashBefore` and `crashAfter`: the process ends before or after the store did its
 * work, so this and every later call never settles. `loseAcknowledgement`: the store did its work, the caller gets
 * StoreUnavailableError. `fail`: the store did nothing, the caller gets StoreUnavailableError. `delay`: the answer
 * comes `turns` turns of the event loop later.
 */
export type FaultKind = "crashBefore" | "crashAfter" | "loseAcknowledgement" | "fail" | "delay";

/** A fault at the nth call, counted from 1 over all calls, or over calls of one method when `method` is given. */
export interface Fault {
  readonly call: number;
  readonly kind: FaultKind;
  readonly method?: StoreMethod;
  readonly turns?: number;
}

/**
 * A store in front of another that goes wrong where told to. Without a fault it adds nothing: a call that answers
 * within the tick still does.
 */
export class FaultyStore implements StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
  readonly waits: WaitStore;
  readonly queues: QueueStore;
  readonly schedules: ScheduleStore;
  readonly retention: RetentionStore;
  readonly exports: ExportStore;
  /** Resolves at the crash. */
  readonly crashed: Promise<void>;
  readonly #faults: readonly Fault[];
  readonly #calls: StoreMethod[] = [];
  #dead = false;
  #die: () => void = () => undefined;

  constructor(backend: StoreBackend, faults: readonly Fault[] = []) {
    this.#faults = faults;
    this.crashed = new Promise((resolve) => {
      this.#die = resolve;
    });
    const parts = interceptBackend(backend, (method, work) => this.#pass(method, work));
    this.runs = parts.runs;
    this.owners = parts.owners;
    this.inbox = parts.inbox;
    this.waits = parts.waits;
    this.queues = parts.queues;
    this.schedules = parts.schedules;
    this.retention = parts.retention;
    this.exports = parts.exports;
  }

  /** The calls made so far, in order. */
  get calls(): readonly StoreMethod[] {
    return this.#calls;
  }

  #pass<T>(method: StoreMethod, work: () => Awaitable<T>): Awaitable<T> {
    if (this.#dead) return never();
    this.#calls.push(method);
    const fault = this.#faultAt(method);
    return fault === undefined ? work() : this.#goWrong(fault, work);
  }

  #faultAt(method: StoreMethod): Fault | undefined {
    const nth = this.#calls.length;
    const nthOfMethod = this.#calls.filter((call) => call === method).length;
    return this.#faults.find((fault) =>
      fault.method === undefined ? fault.call === nth : fault.method === method && fault.call === nthOfMethod,
    );
  }

  async #goWrong<T>({ kind, turns = 1 }: Fault, work: () => Awaitable<T>): Promise<T> {
    if (kind === "fail") throw new StoreUnavailableError("Injected: the call did not reach the store.");
    if (kind === "crashBefore") return this.#crash();
    const crashing = kind === "crashAfter";
    // From here on nobody hears of this process, even while the store still works for it.
    if (crashing) this.#dead = true;
    const value = await work();
    if (crashing) return this.#crash();
    if (kind === "loseAcknowledgement")
      throw new StoreUnavailableError("Injected: the answer of the store was lost.");
    for (let count = 0; count < turns; count++) await turn();
    return value;
  }

  #crash(): Promise<never> {
    this.#dead = true;
    this.#die();
    return never();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
