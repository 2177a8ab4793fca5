import type { CommitResult, Json, RunCommit, TransactionSql } from "@agentflow/core";
import { CommitGroups } from "../sql/commit-groups.ts";
import { userTransaction } from "../sql/user-transaction.ts";
import { retryLocked } from "./retry-locked.ts";
import type { SqliteWriter, WriteCall } from "./sqlite-writer.ts";
import type { StoreThread } from "./store-thread-client.ts";
import { fromPortableResults } from "./thread-messages.ts";
import { WriteGate } from "./write-gate.ts";
import type { WriteOperations } from "./write-session.ts";

/** What a thread writer works with. */
export interface ThreadWriterParts {
  readonly thread: StoreThread;
  /** How long commits gather before they are written; 0 gathers only while a group is under way. */
  readonly gatherMs: number;
  readonly lockedAfterMs: number;
}

/** Writes in the store thread (`strict` and `batched`), so that syncing never freezes the calling one (STO-3). */
export class ThreadWriter implements SqliteWriter {
  readonly #parts: ThreadWriterParts;
  readonly #gate = new WriteGate();
  readonly #groups: CommitGroups;

  constructor(parts: ThreadWriterParts) {
    this.#parts = parts;
    this.#groups = new CommitGroups((members) => this.#send(members), parts.gatherMs);
  }

  commit(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    return this.#groups.add(members);
  }

  async call<Name extends WriteCall>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    // Commits given before this call are written before it.
    await this.#groups.flush();
    return this.#patiently(() => this.#parts.thread.call(name, ...values));
  }

  async transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    await this.#groups.flush();
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

  async #send(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    const results = await this.#patiently(() => this.#parts.thread.call("commit", members));
    return fromPortableResults(results as Parameters<typeof fromPortableResults>[0]);
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run(() => retryLocked(work, this.#parts.lockedAfterMs));
  }
}
