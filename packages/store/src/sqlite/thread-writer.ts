import {
  type Awaitable,
  type CommitResult,
  type Json,
  type RunCommit,
  StoreLockedError,
  type TransactionSql,
} from "@agentflow/core";
import { CommitGroups } from "../sql/commit-groups.ts";
import { userTransaction } from "../sql/user-transaction.ts";
import type { LogDoubt } from "./log-doubt.ts";
import { retryLocked } from "./retry-locked.ts";
import type { WriteCall } from "./sqlite-writer.ts";
import type { StoreThread } from "./store-thread-client.ts";
import type { WriteGate } from "./write-gate.ts";
import type { WriteOperations } from "./write-session.ts";

/** What a thread writer works with. */
export interface ThreadWriterParts {
  readonly thread: Pick<StoreThread, "call" | "close" | "commit" | "commitMs" | "hasEnded">;
  readonly gate: WriteGate;
  /** How long `batched` commits gather before they are written. */
  readonly gatherMs: number;
  readonly lockedAfterMs: number;
  /** How many pages the log may have before it is copied into the file. */
  readonly logPages: number;
  readonly doubt: LogDoubt;
  readonly onWarning: (message: string) => void;
}

const membersPerLook = 64;

// A commit that the disk takes within this time is waited for where it is given: the way back through the event loop
// would take as long. Timers and sockets wait no longer than this either.
const waitMsMax = 0.5;
// Of so many members half of the runs may compute while the others are written.
const waitedMembersMax = 15;

/**
 * Writes in the store thread (`strict` and `batched`), so that syncing never freezes the calling one (STO-3).
 * 1. The calling thread waits for a commit of few members at most `waitMsMax`, and not at all while the last commit
 *    took longer.
 * 2. Writes are done in the order in which they were given.
 */
export class ThreadWriter {
  readonly #parts: ThreadWriterParts;
  readonly #gate: WriteGate;
  readonly #groups: CommitGroups;
  #members = 0;

  constructor(parts: ThreadWriterParts) {
    this.#parts = parts;
    this.#gate = parts.gate;
    this.#groups = new CommitGroups((members) => this.#send(members), parts.gatherMs);
  }

  /** `gathers`: the answer may wait for company (`batched`). */
  commit(members: readonly RunCommit[], gathers: boolean): Awaitable<readonly CommitResult[]> {
    const answer = this.#commit(members, gathers);
    this.#members += members.length;
    if (this.#members >= membersPerLook) this.#look();
    return answer;
  }

  #commit(members: readonly RunCommit[], gathers: boolean): Awaitable<readonly CommitResult[]> {
    const { thread, lockedAfterMs } = this.#parts;
    if (gathers || members.length > waitedMembersMax || !this.#isQuick)
      return this.#groups.add(members, gathers);
    const repeat = (error: unknown) => {
      if (!(error instanceof StoreLockedError)) throw error;
      return retryLocked(() => thread.commit(members), lockedAfterMs);
    };
    try {
      const answer = thread.commit(members, waitMsMax);
      // What is given from now on waits for it.
      return answer instanceof Promise ? this.#gate.run(() => answer.catch(repeat)) : answer;
    } catch (error) {
      return this.#gate.run(() => repeat(error));
    }
  }

  /** Has the log copied behind the commits given so far, if it has grown. */
  #look(): void {
    const { doubt, thread, logPages, onWarning } = this.#parts;
    this.#members = 0;
    if (doubt.isFileInDoubt) return;
    void this.#gate.run(async () => {
      try {
        await thread.call("checkpoint", "passive", logPages);
      } catch (error) {
        // Nothing is lost: the log keeps every commit.
        onWarning(`The write-ahead log was not copied: ${String(error)}`);
      }
    });
  }

  get #isQuick(): boolean {
    return this.#gate.free && this.#groups.isEmpty && this.#parts.thread.commitMs <= waitMsMax;
  }

  /** True once its thread has failed: nothing more is written here. */
  get hasEnded(): boolean {
    return this.#parts.thread.hasEnded;
  }

  /** Resolves when every commit given so far is written. */
  flush(): Promise<void> {
    return this.#groups.flush();
  }

  async call<Name extends WriteCall>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    return this.#patiently(() => this.#parts.thread.call(name, ...values));
  }

  async transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    const { thread, lockedAfterMs } = this.#parts;
    return this.#gate.run(() =>
      userTransaction(
        {
          beginTransaction: () => retryLocked(() => thread.call("beginTransaction"), lockedAfterMs),
          userAll: (sql, parameters) => thread.call("userAll", sql, parameters),
          userRun: (sql, parameters) => thread.call("userRun", sql, parameters),
          finishTransaction: (commit) => thread.call("finishTransaction", commit),
          rollbackTransaction: () => thread.call("rollbackTransaction"),
        },
        work,
        finish,
      ),
    );
  }

  async close(): Promise<void> {
    await this.#groups.flush();
    await this.#gate.run(() => this.#parts.thread.close());
  }

  #send(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    return this.#patiently(async () => this.#parts.thread.commit(members));
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run(() => retryLocked(work, this.#parts.lockedAfterMs));
  }
}
