import type { Awaitable, CommitResult, Durability, Json, RunCommit, TransactionSql } from "@agentflow/core";
import { mayGather, strictestOf } from "../store-durability.ts";
import type { DirectWriter } from "./direct-writer.ts";
import type { SqliteWriter, WriteCall } from "./sqlite-writer.ts";
import type { ThreadWriter } from "./thread-writer.ts";
import type { WriteOperations } from "./write-session.ts";

/** What a levelled writer chooses from. Both writers pass the same gate. */
export interface LevelledWriterParts {
  /** The level of what asks for none. */
  readonly level: Durability;
  readonly direct: DirectWriter;
  /** Makes the writer of the levels that sync, once one of them is asked for. */
  readonly startThread: () => ThreadWriter;
}

/**
 * Writes `normal` on the calling thread and what has to be synced in the store thread (STO-3). Boundary: knows levels,
 * not connections.
 * 1. A group is written at the strictest level of its members.
 * 2. Calls are written after all commits given before them, at whatever level those were.
 */
export class LevelledWriter implements SqliteWriter {
  readonly #parts: LevelledWriterParts;
  #thread: ThreadWriter | undefined;

  constructor(parts: LevelledWriterParts) {
    this.#parts = parts;
    // A store whose own level syncs needs the thread at once; starting it later would only delay the first commit.
    if (parts.level !== "normal") this.#thread = parts.startThread();
  }

  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> {
    const level = strictestOf(members, this.#parts.level);
    if (level === "normal") return this.#parts.direct.commit(members);
    return this.#synced().commit(members, mayGather(members, this.#parts.level));
  }

  async call<Name extends WriteCall>(
    durability: Durability | undefined,
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>> {
    await this.#thread?.flush();
    const isDirect = (durability ?? this.#parts.level) === "normal";
    return isDirect ? this.#parts.direct.call(name, ...values) : this.#synced().call(name, ...values);
  }

  async transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
    durability = this.#parts.level,
  ): Promise<CommitResult> {
    await this.#thread?.flush();
    return durability === "normal"
      ? this.#parts.direct.transact(work, finish)
      : this.#synced().transact(work, finish);
  }

  async close(): Promise<void> {
    try {
      await this.#thread?.close();
    } finally {
      await this.#parts.direct.close();
    }
  }

  /** A thread that failed is not the end of the store: what comes next is written in another one. */
  #synced(): ThreadWriter {
    if (this.#thread === undefined || this.#thread.hasEnded) this.#thread = this.#parts.startThread();
    return this.#thread;
  }
}
