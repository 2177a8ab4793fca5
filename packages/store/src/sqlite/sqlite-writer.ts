import type { Awaitable, CommitResult, Json, RunCommit, TransactionSql } from "@agentflow/core";
import type { WriteOperations } from "./write-session.ts";

/** Names of the operations that are single calls. */
export type WriteCall = "registerOwner" | "beat" | "removeOwner" | "takeRun" | "releaseRun" | "putInbox";

/** Where writes happen: on the calling thread, or in the store thread. All of them pass one gate, in order. */
export interface SqliteWriter {
  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]>;
  call<Name extends WriteCall>(
    name: Name,
    ...values: Parameters<WriteOperations[Name]>
  ): Promise<ReturnType<WriteOperations[Name]>>;
  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult>;
  close(): Promise<void>;
}
