import {
  type CommitResult,
  FencedError,
  IdempotencyViolationError,
  type RunCommit,
  RunExistsError,
  type RunOrigin,
} from "@agentflow/core";
import type { CommitSource, GroupCommitter } from "../commit/group-committer.ts";
import { PendingCommit } from "../commit/pending-commit.ts";
import type { LiveProgress } from "./run-progress.ts";

/** What the run does when its commits come back. */
export interface CommitLogEvents {
  /** The commit is durable. */
  onDurable(commit: PendingCommit): void;
  /** The run is no longer ours, or the store failed. */
  onStopped(error: Error): void;
  /** A commit is about to be made of the progress. */
  onTake(): void;
}

/**
 * A run's commits in order: one fills, earlier ones are in flight (S4).
 *
 * 1. `seq` grows by one per commit taken; a commit is built only when every earlier one was at least accepted.
 * 2. After the first commit that did not succeed nothing is taken any more (I6).
 */
export class CommitLog implements CommitSource {
  readonly #origin: RunOrigin;
  readonly progress: LiveProgress;
  readonly #committer: GroupCommitter;
  readonly #events: CommitLogEvents;
  readonly #unaccepted: PendingCommit[] = [];
  readonly #unsettled: PendingCommit[] = [];
  #pending: PendingCommit | undefined;
  #isStopped = false;
  /** Record events that every emitter has taken; written with the next commit (S7). */
  emitted: number;

  constructor(origin: RunOrigin, progress: LiveProgress, committer: GroupCommitter, events: CommitLogEvents) {
    this.#origin = origin;
    this.progress = progress;
    this.#committer = committer;
    this.#events = events;
    this.emitted = progress.emittedSeq;
  }

  /** The commit that fills; asking for it schedules it. */
  get pending(): PendingCommit {
    if (this.#pending === undefined) {
      this.#pending = new PendingCommit();
      if (!this.#isStopped) this.#committer.touch(this);
    }
    return this.#pending;
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
    this.#events.onTake();
    progress.seq++;
    progress.emittedSeq = this.emitted;
    progress.steps += pending.stepCount;
    if (pending.advances) progress.recoveries = 0;
    const commit = pending.build(this.#origin, progress);
    progress.events = commit.progress.events;
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
      this.stop();
      this.#events.onStopped(errorOf(result, this.#origin, commit));
      return;
    }
    commit.settle();
    this.#events.onDurable(commit);
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
