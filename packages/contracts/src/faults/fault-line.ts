import { type Awaitable, invariant, StoreUnavailableError } from "@agentflow/core";

/**
 * What goes wrong at a crossing. `crashBefore` and `crashAfter`: the process ends before or after the other side did
 * its work, so this and every later crossing never settles. `loseAcknowledgement`: the work was done, the caller gets
 * an error. `fail`: nothing was done, the caller gets an error. `holdBefore` and `holdAfter`: the process stands still
 * at this crossing, and at whatever else it does, until it is released.
 */
export type CrossingFaultKind =
  | "crashBefore"
  | "crashAfter"
  | "loseAcknowledgement"
  | "fail"
  | "holdBefore"
  | "holdAfter";

/** A fault at the nth crossing, counted from 1 over everything that crosses the line, or over what has these names. */
export interface CrossingFault {
  readonly crossing: number;
  readonly names?: readonly string[];
  readonly kind: CrossingFaultKind;
  /** Crossings of these names go well all the same. */
  readonly spares?: readonly string[];
}

/**
 * The edge of one pretended process: whatever it asks of the outside (stores, outside calls, emitters) crosses here.
 *
 * 1. Crossings are numbered in order, whatever they are, so that a number names a moment of the process.
 * 2. After a crash nothing crosses any more: no answer comes in and no request goes out.
 */
export class FaultLine {
  /** Resolves at the crash. */
  readonly crashed: Promise<void>;
  /** Resolves when a `hold` fault has been reached. */
  readonly held: Promise<void>;
  readonly #fault: CrossingFault | undefined;
  readonly #crossings: string[] = [];
  readonly #released: Promise<void>;
  #onCrash: () => void = () => undefined;
  #onHold: () => void = () => undefined;
  #onRelease: () => void = () => undefined;
  #underWay = 0;
  #matches = 0;
  #faultedAt: string | undefined;
  #isDead = false;
  #standsStill = false;

  constructor(fault?: CrossingFault) {
    this.#fault = fault;
    this.crashed = new Promise((resolve) => {
      this.#onCrash = resolve;
    });
    this.held = new Promise((resolve) => {
      this.#onHold = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.#onRelease = resolve;
    });
  }

  /** What has crossed so far, by name, in order. */
  get crossings(): readonly string[] {
    return this.#crossings;
  }

  /** Crossings that have not been answered. */
  get underWay(): number {
    return this.#underWay;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** What crossed at the moment of the fault, once it has come. */
  get faultedAt(): string | undefined {
    return this.#faultedAt;
  }

  /** Takes one call over the line. A call without a fault that answers within the tick still does. */
  pass<T>(name: string, work: () => Awaitable<T>): Awaitable<T> {
    if (this.#isDead) return never();
    this.#crossings.push(name);
    const fault = this.#faultAt(name);
    if (fault !== undefined) return this.#counted(this.#goWrong(name, fault.kind, work));
    if (this.#standsStill) return this.#counted(this.#unlessDead(this.#released.then(work)));
    const answer = work();
    return answer instanceof Promise ? this.#counted(this.#unlessDead(answer)) : answer;
  }

  /** Ends the process from outside. */
  crash(): void {
    this.#isDead = true;
    this.#onCrash();
  }

  /** Lets a process that stands still go on. */
  release(): void {
    this.#standsStill = false;
    this.#onRelease();
  }

  #faultAt(name: string): CrossingFault | undefined {
    const fault = this.#fault;
    if (fault === undefined || this.#faultedAt !== undefined) return undefined;
    if (fault.names?.includes(name) === false) return undefined;
    this.#matches++;
    if (this.#matches < fault.crossing) return undefined;
    this.#faultedAt = name;
    return fault.spares?.includes(name) === true ? undefined : fault;
  }

  async #goWrong<T>(name: string, kind: CrossingFaultKind, work: () => Awaitable<T>): Promise<T> {
    switch (kind) {
      case "crashBefore":
        this.crash();
        return never();
      case "crashAfter":
        this.#isDead = true;
        // How it ends nobody hears.
        await Promise.allSettled([(async () => work())()]);
        this.crash();
        return never();
      case "loseAcknowledgement":
        await work();
        throw new StoreUnavailableError(`Injected: the answer to ${name} was lost.`);
      case "fail":
        throw new StoreUnavailableError(`Injected: ${name} did not arrive.`);
      case "holdBefore":
        await this.#hold();
        return work();
      case "holdAfter": {
        this.#standsStill = true;
        const value = await work();
        await this.#hold();
        return value;
      }
    }
  }

  #hold(): Promise<void> {
    this.#standsStill = true;
    this.#onHold();
    return this.#released;
  }

  async #unlessDead<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      return this.#isDead ? await never<T>() : value;
    } catch (error) {
      return this.#isDead ? await never<T>() : Promise.reject(error);
    }
  }

  async #counted<T>(answer: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await answer;
    } finally {
      this.#underWay--;
      invariant(this.#underWay >= 0, "a crossing ends once");
    }
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
