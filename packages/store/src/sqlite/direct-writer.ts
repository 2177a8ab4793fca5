import {
  type Awaitable,
  type CommitResult,
  type Json,
  type RunCommit,
  StoreLockedError,
  type TransactionSql,
} from "@agentflow/core";
import { userTransaction } from "../sql/user-transaction.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { retryLocked } from "./retry-locked.ts";
import type { WriteCall } from "./sqlite-writer.ts";
import type { WriteGate } from "./write-gate.ts";
import type { WriteOperations } from "./write-session.ts";

/** What a direct writer works with. */
export interface DirectWriterParts {
  readonly operations: WriteOperations;
  /**
   * A second connection, opened on first use: reads share the first one and must not see a transaction that is
   * still open (S5).
   */
  readonly transactions: () => WriteOperations;
  readonly gate: WriteGate;
  readonly checkpointer: Checkpointer;
  readonly lockedAfterMs: number;
  readonly close: () => void;
}

/**
 * Writes on the calling thread (`normal`). A commit is done within the tick unless another write is under way or
 * another process holds the lock; then it waits its turn without blocking the thread.
 */
export class DirectWriter {
  readonly #parts: DirectWriterParts;
  readonly #gate: WriteGate;

  constructor(parts: DirectWriterParts) {
    this.#parts = parts;
    this.#gate = parts.gate;
  }

  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> {
    const { operations, checkpointer } = this.#parts;
    const work = () => {
      const results = operations.commit(members);
      checkpointer.committed(members.length, (copy) => this.#gate.run(copy));
      return results;
    };
    if (!this.#gate.free) return this.#wait(work);
    try {
      return work();
    } catch (error) {
      if (error instanceof StoreLockedError) return this.#wait(work);
      throw error;
    }
  }

  call<Name extends WriteCall>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    const operation = this.#parts.operations[name] as (
      ...parameters: Parameters<WriteOperations[Name]>
    ) => ReturnType<WriteOperations[Name]>;
    return this.#wait(() => operation(...values));
  }

  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    return this.#gate.run(() => {
      const operations = this.#parts.transactions();
      const patient = {
        ...operations,
        beginTransaction: () => retryLocked(operations.beginTransaction, this.#parts.lockedAfterMs),
      };
      return userTransaction(patient, work, finish);
    });
  }

  /** Looks at the size of the log, which others have written to as well. */
  copyLog(): void {
    this.#parts.checkpointer.committed(Number.MAX_SAFE_INTEGER, (copy) => this.#gate.run(copy));
  }

  async close(): Promise<void> {
    try {
      await this.#gate.run(() => this.#parts.close());
    } finally {
      await this.#parts.checkpointer.close();
    }
  }

  #wait<T>(work: () => T): Promise<T> {
    return this.#gate.run(() => retryLocked(work, this.#parts.lockedAfterMs));
  }
}
