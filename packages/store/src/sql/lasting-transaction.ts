import {
  type CommitResult,
  type Json,
  type RunCommit,
  type RunHead,
  StoreUnavailableError,
  type TransactionSql,
} from "@agentflow/core";
import { retryTransient, type Transient, untilAvailable } from "./retry-transient.ts";
import { ServerTransaction, type ServerTransactionParts } from "./server-transaction.ts";
import { userTransaction } from "./user-transaction.ts";

/** What the work of a transaction came to, once it had come to its end. */
interface Finished {
  readonly json: string;
  readonly commit: RunCommit;
}

/**
 * An effect and its commit as one transaction on a server (S26), which may lose or undo a transaction at any moment.
 * 1. The work is executed again when nothing of its transaction is left: the server went away, or chose it to end a
 *    deadlock. It waits for the server as long as the store is open.
 * 2. Once the commit is made it is the only one: where the answer to it was lost the server is asked, and where the work
 *    has to be executed again it must come to the same value; otherwise StoreUnavailableError leaves the run as stored.
 */
export class LastingTransaction {
  readonly #parts: ServerTransactionParts;
  readonly #work: (sql: TransactionSql) => Promise<Json>;
  readonly #finish: (value: Json) => RunCommit;
  #finished: Finished | undefined;

  constructor(
    parts: ServerTransactionParts,
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ) {
    this.#parts = parts;
    this.#work = work;
    this.#finish = finish;
  }

  async run(): Promise<CommitResult> {
    const { database } = this.#parts;
    const retries = (kind: Transient): boolean => kind === "locked";
    const ended = await untilAvailable(
      () => retryTransient(() => this.#try(), { patienceMs: database.patienceMs, retries }),
      () => database.waits,
    );
    if ("thrown" in ended) throw ended.thrown;
    return ended.result;
  }

  /** Throws what ended the transaction on the server, whatever the work made of it. */
  async #try(): Promise<{ readonly result: CommitResult } | { readonly thrown: unknown }> {
    const transaction = new ServerTransaction(this.#parts);
    try {
      return { result: await userTransaction(transaction, this.#work, (value) => this.#commitOf(value)) };
    } catch (error) {
      const result = await this.#stored();
      if (result !== undefined) return { result };
      if (transaction.trouble !== undefined) throw transaction.trouble;
      return { thrown: error };
    }
  }

  #commitOf(value: Json): RunCommit {
    const json = JSON.stringify(value);
    this.#finished ??= { json, commit: this.#finish(value) };
    if (this.#finished.json === json) return this.#finished.commit;
    throw new StoreUnavailableError(
      "The server lost a transaction, and its repetition came to another value.",
      {
        hint: "Resume the run: it makes the transaction anew.",
      },
    );
  }

  /** What became of the commit, if it was made; undefined when it is not stored and nothing stands in its way. */
  async #stored(): Promise<CommitResult | undefined> {
    const commit = this.#finished?.commit;
    if (commit === undefined) return undefined;
    const { database, units } = this.#parts;
    const refused = await untilAvailable(
      () => units.refusal(commit),
      () => database.waits,
    );
    return refused.kind === "fenced" && isUntouched(refused.head, commit) ? undefined : refused;
  }
}

function isUntouched(head: RunHead | undefined, { create, expectedSeq, progress }: RunCommit): boolean {
  if (create !== undefined) return head === undefined;
  return head?.seq === expectedSeq && head.epoch === progress.epoch;
}
