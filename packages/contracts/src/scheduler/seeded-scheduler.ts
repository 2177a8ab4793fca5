/**
 * Decides the order in which code under test goes on, by a seed.
 *
 * Role: functions under test await `point(...)`; `drive` lets one waiting point go after another, in an order drawn from
 * the seed, until the work has ended. The same seed, on the same code, gives the same order again.
 *
 * 1. Nothing waits for real time: timers belong to the fake clock, which `drive` moves.
 * 2. With `timers: "idle"` time moves only when no point waits and nothing else can go on, so what the code under test
 *    reads from the clock does not depend on the seed.
 * 3. Work that can neither go on nor end is an error at once, never a hang.
 */
import { NoProgressError, type SeededRandom, seededRandom } from "@agentflow/core";
import type { FakeClock } from "../fake-clock.ts";

/** How a scheduler chooses. */
export interface SchedulerOptions {
  readonly clock?: FakeClock;
  /** `idle` (default): timers fire when all points have been released; `any`: also before. */
  readonly timers?: "idle" | "any";
  /**
   * Release a point only when nothing else goes on: a seed then gives the same order again however busy the machine is,
   * and never lets two go between which nothing happens.
   */
  readonly isSteady?: boolean;
  /** Release steadily in this order of labels, instead of drawing; what it does not name comes after it, as it arrives. */
  readonly order?: readonly string[];
  /** Asked when no point waits and nothing goes on by itself: true if it has set something going. */
  readonly whenStill?: () => Promise<boolean>;
}

/** Turns of the event loop with nothing due in the next one after which nothing can go on by itself. */
const quietTurns = 12;

const habits = ["any", "any", "oldest", "newest", "starve"] as const;

interface WaitingPoint {
  readonly label: string;
  readonly release: () => void;
}

/** A seeded order of everything that waits; see the head of the file. */
export class SeededScheduler {
  readonly #clock: FakeClock | undefined;
  readonly #timers: "idle" | "any";
  readonly #isSteady: boolean;
  readonly #order: ReadonlyMap<string, number> | undefined;
  readonly #whenStill: (() => Promise<boolean>) | undefined;
  readonly #random: SeededRandom;
  readonly #habit: (typeof habits)[number];
  readonly #waiting: WaitingPoint[] = [];
  readonly #released: string[] = [];
  #arrivals = 0;

  constructor(seed: string, options: SchedulerOptions = {}) {
    this.#clock = options.clock;
    this.#timers = options.timers ?? "idle";
    this.#isSteady = options.isSteady ?? options.order !== undefined;
    this.#order = options.order && new Map(options.order.map((label, index) => [label, index]));
    this.#whenStill = options.whenStill;
    this.#random = seededRandom(seed, "schedule");
    this.#habit = this.#random.pick(habits);
  }

  /** Labels of the points released so far, in that order. */
  get released(): readonly string[] {
    return this.#released;
  }

  /** Resolves when the scheduler lets this point go. */
  point(label: string): Promise<void> {
    this.#arrivals++;
    return new Promise((release) => {
      this.#waiting.push({ label, release });
    });
  }

  /**
   * Releases points and moves the clock until `work` settles, and settles like it. Throws NoProgressError when nothing
   * is left that could end it.
   */
  async drive<T>(work: Promise<T>): Promise<T> {
    let isEnded = false;
    const end = (): void => {
      isEnded = true;
    };
    work.then(end, end);
    while (!isEnded) {
      await this.#pause();
      if (this.#timers === "any" && this.#random.integer(0, 3) === 0 && this.#moveTime()) continue;
      if (await this.#goesOn(() => isEnded)) continue;
      if (!this.#moveTime()) throw this.#stuck();
    }
    return work;
  }

  /** Releases points until nothing is left that goes on by itself; the clock stands still. */
  async rest(): Promise<void> {
    do await this.#pause();
    while (await this.#goesOn(() => false));
  }

  /** False when nothing goes on unless time does. */
  async #goesOn(isEnded: () => boolean): Promise<boolean> {
    if (!this.#isSteady && this.#release()) return true;
    if (!(await this.#isStill(isEnded)) || this.#release()) return true;
    return (await this.#whenStill?.()) === true;
  }

  /** Points of one beat are released without anything running between them, or after a shorter or longer break. */
  async #pause(): Promise<void> {
    if (this.#isSteady) return;
    const length = this.#random.integer(0, 2);
    if (length === 1) await Promise.resolve();
    if (length === 2) await turn();
  }

  #release(): boolean {
    if (this.#waiting.length === 0) return false;
    const [chosen] = this.#waiting.splice(this.#choose(this.#waiting.length), 1);
    this.#released.push(chosen?.label ?? "");
    chosen?.release();
    return true;
  }

  #choose(count: number): number {
    if (this.#order !== undefined) return this.#firstOf(this.#order);
    if (this.#habit === "any" || this.#random.integer(0, 3) === 0) return this.#random.integer(0, count - 1);
    if (this.#habit === "oldest") return 0;
    if (this.#habit === "newest") return count - 1;
    // The point that has waited longest waits on for as long as there is another.
    return count === 1 ? 0 : this.#random.integer(1, count - 1);
  }

  #firstOf(order: ReadonlyMap<string, number>): number {
    const places = this.#waiting.map(({ label }) => order.get(label) ?? Number.POSITIVE_INFINITY);
    return places.indexOf(Math.min(...places));
  }

  async #isStill(isEnded: () => boolean): Promise<boolean> {
    const before = this.#arrivals;
    for (let quiet = 0; quiet < quietTurns; quiet++) {
      await turn();
      if (isEnded() || this.#arrivals !== before) return false;
      if (process.getActiveResourcesInfo().includes("Immediate")) quiet = 0;
    }
    return true;
  }

  #moveTime(): boolean {
    const delayMs = this.#clock?.nextForegroundInMs;
    if (delayMs === undefined) return false;
    this.#clock?.advance(delayMs);
    return true;
  }

  #stuck(): NoProgressError {
    const last = this.#released.slice(-20);
    return new NoProgressError("The work has not ended, and no point and no timer is left to end it.", {
      hint: "Its last released points are in the context.",
      context: { released: this.#released.length, last },
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
