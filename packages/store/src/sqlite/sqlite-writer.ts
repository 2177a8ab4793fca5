import type { Awaitable, CommitResult, Durability, Json, RunCommit, TransactionSql } from "@agentflow/core";
import type { WriteOperations } from "./write-session.ts";

/** Names of the operations that are single calls. */
export type WriteCall =
  | "registerOwner"
  | "beat"
  | "removeOwner"
  | "takeRun"
  | "releaseRun"
  | "takeRested"
  | "putInbox"
  | "refuseInbox";

/** Where writes happen: on the calling thread, or in the store thread. All of them pass one gate, in order. */
export interface SqliteWriter {
  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]>;
  /** A call at a level; undefined: the store's own. */
  call<Name extends WriteCall>(
    durability: Durability | undefined,
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>>;
  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
    durability?: Durability,
  ): Promise<CommitResult>;
  close(): Promise<void>;
}
