import {
  CancelledError,
  type Clock,
  type Json,
  type TransactionSql,
  TransactionTimeoutError,
} from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";

/** How long a transaction may stay open where its call says nothing, in milliseconds. */
export const transactionTimeoutMs = 5_000;

type Work = (sql: TransactionSql) => Promise<Json>;

/**
 * The work of a transaction, which rejects when it has taken too long or its attempt has ended, so that the store undoes
 * it and others get their turn (S12, S26). What the work does later is refused: its transaction is over.
 */
export function boundedWork(attempt: Attempt, work: Work, given: { clock: Clock; timeoutMs: number }): Work {
  const { task, signal } = attempt;
  return async (sql) => {
    let stop = (): void => undefined;
    const bound = new Promise<never>((_resolve, reject) => {
      const revoked = (): void => reject(new CancelledError(`The attempt of ${task.stepId} has ended.`));
      const cancel = given.clock.setTimer(given.timeoutMs, () =>
        reject(tookTooLong(task.stepId, given.timeoutMs)),
      );
      signal.addEventListener("abort", revoked);
      stop = () => {
        cancel();
        signal.removeEventListener("abort", revoked);
      };
      if (signal.aborted) revoked();
    });
    try {
      return await Promise.race([work(sql), bound]);
    } finally {
      stop();
    }
  };
}

function tookTooLong(stepId: string, timeoutMs: number): TransactionTimeoutError {
  const message = `A transaction of ${stepId} was still open after ${timeoutMs} ms, and was undone.`;
  return new TransactionTimeoutError(message, { context: { stepId, timeoutMs } });
}
