import {
  type CommitResult,
  FencedError,
  invariant,
  type Json,
  type RunCommit,
  type RunStore,
  type TransactionSql,
  toFailure,
} from "@agentflow/core";

/** A run that has something to commit. */
export interface CommitSource {
  /** Makes the next commit, or undefined when nothing is left to say or the run has stopped. */
  takeCommit(): RunCommit | undefined;
  /** Only with a pipelined store: the oldest commit not yet accepted is on its way, the run goes on (S5, `batched`). */
  accept(): void;
  /** What became of the oldest commit not yet settled. */
  settle(result: CommitResult): void;
}

/** How long the event loop may go without a turn while commits follow each other, in milliseconds. */
const turnMs = 2;

/**
 * Groups the commits of concurrent runs (ENG-24): what is ready when the store is free goes in one call.
 *
 * 1. One call to the store at a time, so a run has at most one commit in flight; a pipelined store (`batched`) takes the
 *    next while earlier ones are not yet flushed, and answers in order.
 * 2. Nothing is acknowledged before the store has answered (S5).
 * 3. Commits that find no attempt running go at once: nothing else could join them.
 */
export class GroupCommitter {
  readonly #store: RunStore;
  readonly #isIdle: () => boolean;
  /** True if runs go on before their commits are durable (`batched`). */
  readonly isPipelined: boolean;
  #unflushed = 0;
  #dirty = new Set<CommitSource>();
  #isBusy = false;
  #microtask = false;
  #immediate = false;
  #lastTurn = performance.now();
  #onIdle: (() => void)[] = [];

  constructor(store: RunStore, isIdle: () => boolean, isPipelined = false) {
    this.#store = store;
    this.#isIdle = isIdle;
    this.isPipelined = isPipelined;
  }

  /** The source has something to commit. */
  touch(source: CommitSource): void {
    this.#dirty.add(source);
    this.nudge();
  }

  /** Schedules the next call; also to be called when the last running attempt has ended. */
  nudge(): void {
    if (this.#isBusy || this.#microtask || this.#dirty.size === 0) return;
    if (this.#isIdle() && performance.now() - this.#lastTurn < turnMs) {
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
    while (this.#isBusy || this.#unflushed > 0)
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    this.#isBusy = true;
    let isTaken = false;
    try {
      const result = await this.#store.transact(work, (value) => {
        record(value);
        const commit = source.takeCommit();
        if (commit === undefined) throw new FencedError("The run stopped while its transaction was open.");
        isTaken = true;
        return commit;
      });
      source.settle(result);
    } catch (error) {
      if (!isTaken) throw error;
      // The commit may have been applied: nobody can go on from here but by resuming.
      source.settle({ kind: "failed", error: errorOf(error) });
    } finally {
      this.#isBusy = false;
      this.#free();
    }
  }

  /** Resolves when nothing is left to commit. */
  async flushed(): Promise<void> {
    while (this.#isBusy || this.#unflushed > 0 || this.#dirty.size > 0) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }
  }

  readonly #drainInTick = (): void => {
    this.#microtask = false;
    this.#drain();
  };

  readonly #drainInTurn = (): void => {
    this.#immediate = false;
    this.#lastTurn = performance.now();
    this.#drain();
  };

  #drain(): void {
    if (this.#isBusy || this.#dirty.size === 0) return;
    const sources: CommitSource[] = [];
    const members: RunCommit[] = [];
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const source of dirty) {
      const member = source.takeCommit();
      if (member === undefined) continue;
      sources.push(source);
      members.push(member);
    }
    if (members.length === 0) {
      this.#free();
      return;
    }
    this.#isBusy = true;
    let answer: ReturnType<RunStore["commit"]>;
    try {
      answer = this.#store.commit(members);
    } catch (error) {
      this.#isBusy = false;
      this.#settleAll(sources, failedResults(members, error));
      return;
    }
    if (!(answer instanceof Promise)) {
      this.#isBusy = false;
      this.#settleAll(sources, answer);
      return;
    }
    this.#unflushed++;
    answer.then(
      (results) => this.#answered(sources, results),
      (error: unknown) => this.#answered(sources, failedResults(members, error)),
    );
    if (!this.isPipelined) return;
    this.#isBusy = false;
    for (const source of sources) source.accept();
    this.#free();
  }

  #answered(sources: readonly CommitSource[], results: readonly CommitResult[]): void {
    this.#unflushed--;
    if (!this.isPipelined) this.#isBusy = false;
    this.#lastTurn = performance.now();
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
