import {
  type Awaitable,
  type CommitResult,
  type Json,
  type RunCommit,
  type SqlValue,
  type TransactionSql,
  ValidationError,
} from "@agentflow/core";

/** The operations of {@link WriteOperations} that a transaction of a workflow needs, here or in the thread. */
export interface TransactionOperations {
  beginTransaction(): Awaitable<void>;
  userAll(sql: string, parameters: readonly SqlValue[]): Awaitable<Record<string, SqlValue>[]>;
  userRun(sql: string, parameters: readonly SqlValue[]): Awaitable<{ readonly changes: number }>;
  finishTransaction(commit: RunCommit): Awaitable<CommitResult>;
  rollbackTransaction(): Awaitable<void>;
}

/** Runs an effect and its commit as one transaction (S26). The caller keeps other writes out meanwhile. */
export async function userTransaction(
  operations: TransactionOperations,
  work: (sql: TransactionSql) => Promise<Json>,
  finish: (value: Json) => RunCommit,
): Promise<CommitResult> {
  await operations.beginTransaction();
  let open = true;
  const checkOpen = () => {
    if (open) return;
    throw new ValidationError("AF_ARGUMENT_INVALID", "The transaction of ctx.tx has ended.", {
      hint: "Await every statement inside the function given to ctx.tx.",
    });
  };
  const sql: TransactionSql = {
    async all(text, parameters = []) {
      checkOpen();
      return operations.userAll(text, parameters);
    },
    async run(text, parameters = []) {
      checkOpen();
      return operations.userRun(text, parameters);
    },
  };
  try {
    const value = await work(sql);
    open = false;
    return await operations.finishTransaction(finish(value));
  } catch (error) {
    open = false;
    await operations.rollbackTransaction();
    throw error;
  }
}
