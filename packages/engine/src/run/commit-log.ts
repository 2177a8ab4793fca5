import {
  type CommitResult,
  type Durability,
  FencedError,
  IdempotencyViolationError,
  type RunCommit,
  RunExistsError,
  type RunOrigin,
} from "@agentflow/core";
import type { CommitSource, GroupCommitter } from "../commit/group-committer.ts";
import { type CommitBeside, PendingCommit } from "../commit/pending-commit.ts";
import type { RunTrace } from "../emit/run-trace.ts";
import type { LiveProgress } from "./run-progress.ts";

/** How far a run may be ahead of what is durable: steps, bytes of their deltas, milliseconds since the first of them. */
const aheadMax = { steps: 256, bytes: 256 * 1024, ms: 2 } as const;

/** Whose commits they are. */
export interface CommittingRun {
  readonly origin: RunOrigin;
  readonly progress: LiveProgress;
  readonly durability: Durability | undefined;
}

/** What the run does when its commits come back. */
export interface CommitLogEvents {
  /** The commit is durable; `inbox` is the id of the newest inbox row where the run has not seen it (S21). */
  onDurable(commit: PendingCommit, inbox: number | undefined): void;
  /** The run is no longer ours, or the store failed. */
  onStopped(error: Error): void;
  /** A commit is about to be made of the progress: what it says beside. */
  onTake(): CommitBeside;
  /** Monotonic milliseconds. */
  now(): number;
  readonly trace?: RunTrace | undefined;
}

/**
 * A run's commits in order: one fills, earlier ones are in flight (S4).
 *
 * 1. `seq` grows by one per commit taken; a commit is built only when every earlier one was at least accepted.
 * 2. A run goes on from what is accepted. Where a commit takes its time it runs a little ahead of that, and what it
 *    calls outside waits (S5, S8, ADR 17).
 * 3. After the first commit that did not succeed nothing is taken any more (I6).
 */
export class CommitLog implements CommitSource {
  readonly #origin: RunOrigin;
  readonly durability: Durability | undefined;
  readonly progress: LiveProgress;
  readonly #committer: GroupCommitter;
  readonly #events: CommitLogEvents;
  readonly #unaccepted: PendingCommit[] = [];
  readonly #unsettled: PendingCommit[] = [];
  #pending: PendingCommit | undefined;
  #isStopped = false;
  /** Record events that every emitter has taken; written with the next commit (S7). */
  emitted: number;

  constructor(run: CommittingRun, committer: GroupCommitter, events: CommitLogEvents) {
    const { origin, progress, durability } = run;
    this.#origin = origin;
    this.durability = durability;
    this.progress = progress;
    this.#committer = committer;
    this.#events = events;
    this.emitted = progress.emittedSeq;
  }

  /** The commit that fills; asking for it schedules it. */
  get pending(): PendingCommit {
    if (this.#pending === undefined) {
      this.#pending = new PendingCommit(this.#committer.isWorthRunningAhead ? this.#events.now() : 0);
      if (!this.#isStopped) this.#committer.touch(this);
    }
    return this.#pending;
  }

  /** Steps of the run so far, with those that are not yet durable. */
  get steps(): number {
    return this.progress.steps + (this.#pending?.stepCount ?? 0);
  }

  /** Calls back when the run may go on from what it has said; not before the caller is done. */
  goOn(callback: () => void): void {
    const { pending } = this;
    if (!this.#committer.isWorthRunningAhead || !this.#isLittleAhead(pending)) {
      pending.whenAccepted(callback);
      return;
    }
    // After the microtask in which the committer takes what is said, where it is free to.
    queueMicrotask(callback);
  }

  #isLittleAhead(pending: PendingCommit): boolean {
    let { stepCount: steps, deltaBytes: bytes } = pending;
    for (const commit of this.#unsettled) {
      steps += commit.stepCount;
      bytes += commit.deltaBytes;
    }
    const { since } = this.#unsettled[0] ?? pending;
    return steps < aheadMax.steps && bytes < aheadMax.bytes && this.#events.now() - since < aheadMax.ms;
  }

  /** True when everything said so far is durable. */
  get isQuiet(): boolean {
    return this.#pending === undefined && this.#unsettled.length === 0;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Takes nothing from now on; what fills is forgotten. */
  stop(): void {
    this.#isStopped = true;
    this.#pending = undefined;
  }

  takeCommit(): RunCommit | undefined {
    const pending = this.#pending;
    if (pending === undefined || this.#isStopped) return undefined;
    this.#pending = undefined;
    const { progress } = this;
    const beside = this.#events.onTake();
    progress.seq++;
    progress.emittedSeq = this.emitted;
    progress.steps += pending.stepCount;
    if (pending.advances) progress.recoveries = 0;
    const commit = pending.build(this.#origin, progress, beside);
    progress.events = commit.progress.events;
    pending.span = this.#events.trace?.commit({ seq: progress.seq, steps: pending.stepCount });
    this.#unaccepted.push(pending);
    this.#unsettled.push(pending);
    return commit;
  }

  accept(): void {
    const commit = this.#unaccepted.shift();
    if (commit !== undefined && !this.#isStopped) commit.accept();
  }

  settle(result: CommitResult): void {
    const commit = this.#unsettled.shift();
    if (commit === undefined || this.#isStopped) return;
    const isNew = this.#unaccepted[0] === commit;
    if (isNew) this.#unaccepted.shift();
    if (result.kind !== "committed" && result.kind !== "duplicate") {
      const error = errorOf(result, this.#origin, commit);
      this.#events.trace?.ended(commit.span, result.kind, error);
      this.stop();
      this.#events.onStopped(error);
      return;
    }
    this.#events.trace?.ended(commit.span, result.kind);
    commit.settle();
    this.#events.onDurable(commit, result.kind === "committed" ? result.inbox : undefined);
    if (isNew && !this.#isStopped) commit.accept();
  }
}

function errorOf(
  result: Exclude<CommitResult, { kind: "committed" } | { kind: "duplicate" }>,
  { runId }: RunOrigin,
  commit: PendingCommit,
): Error {
  if (result.kind === "failed") return result.error;
  if (result.kind === "violation") {
    const { position, stored, offered } = result;
    return new IdempotencyViolationError(
      `${position} of run ${runId} was committed before with another outcome.`,
      {
        context: { runId, position, stored, offered },
      },
    );
  }
  if (commit.create !== undefined) {
    return new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
  }
  const epoch = result.head?.epoch ?? 0;
  return new FencedError(`Another process took over run ${runId}.`, { context: { runId, epoch } });
}
