import {
  type CommitResult,
  type Durability,
  FencedError,
  invariant,
  type Json,
  type RunCommit,
  type RunStore,
  type TransactionSql,
  toFailure,
} from "@agentflow/core";
import { Unflushed } from "./unflushed.ts";

/** A run that has something to commit. */
export interface CommitSource {
  /** What its commits survive; undefined: the store's default. */
  readonly durability: Durability | undefined;
  /** Makes the next commit, or undefined when nothing is left to say or the run has stopped. */
  takeCommit(): RunCommit | undefined;
  /** Only with a pipelined store: the oldest commit not yet accepted is on its way, the run goes on (S5, `batched`). */
  accept(): void;
  /** What became of the oldest commit not yet settled. */
  settle(result: CommitResult): void;
}

/** How long the event loop may go without a turn while commits follow each other, in milliseconds. */
const turnMs = 2;

/** From so many members on it may be worth splitting a call. */
const splitFrom = 16;

// A member costs the engine about 0.01 ms, and the store about the same besides what each call costs it. Splitting
// doubles that cost of a call, and hides the engine's time behind the store's. So it pays while a call that goes alone
// takes less than twice the engine's time. Two calls wait for each other: together they take longer, even where it pays.
const splitBelowMs = 0.02;
const mergeAboveMs = 0.06;

/**
 * Groups the commits of concurrent runs (ENG-24): what is ready when the store is free goes in one call.
 *
 * 1. One call to the store at a time, or two by 4; a run is in one of them at most. A pipelined store (`batched`) takes
 *    the next while earlier ones are not yet flushed, and answers in order; runs go on as long as it keeps up.
 * 2. Nothing is acknowledged before the store has answered (S5).
 * 3. Commits that find no attempt running go at once: nothing else could join them.
 * 4. When many runs wait for a quick store at once, they go in two calls: the store writes one half of them while the
 *    other half computes. They stay apart from then on, because their answers come apart, until the store gets slow.
 */
export class GroupCommitter {
  readonly #store: RunStore;
  readonly #isIdle: () => boolean;
  readonly #now: () => number;
  /** True if runs go on before their commits are durable (`batched`). */
  readonly isPipelined: boolean;
  readonly #unflushed = new Unflushed();
  #answersLater = false;
  #dirty = new Set<CommitSource>();
  #calls = 0;
  #isExclusive = false;
  #isSplit = false;
  #microtask = false;
  #immediate = false;
  #lastTurn: number;
  #onIdle: (() => void)[] = [];

  /** `now` tells monotonic milliseconds. */
  constructor(store: RunStore, isIdle: () => boolean, isPipelined = false, now = () => performance.now()) {
    this.#store = store;
    this.#isIdle = isIdle;
    this.isPipelined = isPipelined;
    this.#now = now;
    this.#lastTurn = now();
  }

  /** True if a commit takes so long that runs use the time (ADR 17). */
  get isWorthRunningAhead(): boolean {
    return this.#answersLater && !this.isPipelined;
  }

  /** The source has something to commit. */
  touch(source: CommitSource): void {
    this.#dirty.add(source);
    this.nudge();
  }

  /** Schedules the next call; also to be called when the last running attempt has ended. */
  nudge(): void {
    if (!this.#isFree || this.#microtask || this.#dirty.size === 0) return;
    if (this.#isIdle() && this.#now() - this.#lastTurn < turnMs) {
      this.#microtask = true;
      queueMicrotask(this.#drainInTick);
    } else if (!this.#immediate) {
      this.#immediate = true;
      setImmediate(this.#drainInTurn);
    }
  }

  /**
   * Runs `work` and the source's next commit in one transaction (S26), while nothing else commits; `record` puts the
   * value of `work` into that commit. Rejects with what `work` threw; a commit that did not succeed stops the source.
   */
  async transact(
    source: CommitSource,
    work: (sql: TransactionSql) => Promise<Json>,
    record: (value: Json) => void,
  ): Promise<void> {
    while (this.#isExclusive || this.#calls > 0 || this.#unflushed.commits > 0) await this.#idle();
    this.#isExclusive = true;
    let isTaken = false;
    try {
      const finish = (value: Json): RunCommit => {
        record(value);
        const commit = source.takeCommit();
        if (commit === undefined) throw new FencedError("The run stopped while its transaction was open.");
        isTaken = true;
        return commit;
      };
      const result = await this.#store.transact(work, finish, source.durability);
      source.settle(result);
    } catch (error) {
      if (!isTaken) throw error;
      // The commit may have been applied: nobody can go on from here but by resuming.
      source.settle({ kind: "failed", error: errorOf(error) });
    } finally {
      this.#isExclusive = false;
      this.#free();
    }
  }

  /** Resolves when nothing is left to commit. */
  async flushed(): Promise<void> {
    while (this.#isExclusive || this.#calls + this.#unflushed.commits + this.#dirty.size > 0)
      await this.#idle();
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  readonly #drainInTick = (): void => {
    this.#microtask = false;
    this.#drain();
  };

  readonly #drainInTurn = (): void => {
    this.#immediate = false;
    this.#lastTurn = this.#now();
    this.#drain();
  };

  get #isFree(): boolean {
    return !this.#isExclusive && this.#calls < (this.#isSplit ? 2 : 1);
  }

  #drain(): void {
    if (!this.#isFree || this.#dirty.size === 0) return;
    const sources: CommitSource[] = [];
    const members: RunCommit[] = [];
    for (const source of this.#takeDirty()) {
      const member = source.takeCommit();
      if (member === undefined) continue;
      sources.push(source);
      members.push(member);
    }
    if (members.length === 0) {
      this.#free();
      return;
    }
    this.#calls++;
    let answer: ReturnType<RunStore["commit"]>;
    try {
      answer = this.#store.commit(members);
    } catch (error) {
      this.#calls--;
      this.#settleAll(sources, failedResults(members, error));
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#calls--;
      this.#settleAll(sources, answer);
      return;
    }
    this.#answersLater = true;
    const flushed = this.#unflushed.add(members);
    const isAlone = this.#calls === 1;
    const start = this.#now();
    answer.then(
      (results) => {
        flushed();
        this.#learn(isAlone, (this.#now() - start) / members.length, members.length);
        this.#answered(sources, results);
      },
      (error: unknown) => {
        flushed();
        this.#answered(sources, failedResults(members, error));
      },
    );
    if (this.isPipelined) {
      this.#calls--;
      if (this.#unflushed.isLittle) for (const source of sources) source.accept();
    }
    this.#free();
  }

  /** Whether calls are worth splitting, by what a member of the last one took. */
  #learn(isAlone: boolean, memberMs: number, members: number): void {
    if (this.isPipelined || members < splitFrom / 2) return;
    if (memberMs > mergeAboveMs) this.#isSplit = false;
    else if (isAlone && memberMs < splitBelowMs) this.#isSplit = true;
  }

  /** The sources of the next call: all that wait, or half of them where the other half can use the time (4). */
  #takeDirty(): Iterable<CommitSource> {
    const waiting = this.#dirty;
    if (!this.#isSplit || this.#calls > 0 || waiting.size < splitFrom) {
      this.#dirty = new Set();
      return waiting;
    }
    const all = [...waiting];
    const half = Math.ceil(all.length / 2);
    this.#dirty = new Set(all.slice(half));
    return all.slice(0, half);
  }

  #answered(sources: readonly CommitSource[], results: readonly CommitResult[]): void {
    if (!this.isPipelined) this.#calls--;
    this.#lastTurn = this.#now();
    this.#settleAll(sources, results);
  }

  #settleAll(sources: readonly CommitSource[], results: readonly CommitResult[]): void {
    invariant(
      results.length === sources.length,
      "the store answered another number of members than it was given",
    );
    for (const [index, source] of sources.entries()) source.settle(results[index] as CommitResult);
    this.#free();
  }

  #free(): void {
    for (const resolve of this.#onIdle.splice(0)) resolve();
    this.nudge();
  }
}

function failedResults(members: readonly RunCommit[], error: unknown): CommitResult[] {
  const reason = errorOf(error);
  return members.map(() => ({ kind: "failed", error: reason }));
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(toFailure(error).message);
}

/**
 * The committers of an engine: `batched` runs go on before their commits are durable, and no other run waits for theirs
 * (S5).
 */
export function committersOf(
  store: RunStore,
  isIdle: () => boolean,
): (durability: Durability | undefined) => GroupCommitter {
  const waiting = new GroupCommitter(store, isIdle);
  const pipelined = new GroupCommitter(store, isIdle, true);
  const { defaultDurability } = store.capabilities;
  return (durability = defaultDurability) => (durability === "batched" ? pipelined : waiting);
}
