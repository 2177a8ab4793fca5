/**
 * Answers for many askers at once, on one database.
 *
 * 1. Equal questions that are asked at the same time are answered once.
 * 2. So many questions are answered at once; the others wait in the order in which they came.
 * 3. A question that nobody wants any more leaves the queue, or DuckDB is interrupted.
 * 4. Each question is logged once for each asker, with the time that it waited.
 */
import { randomUUID } from "node:crypto";
import { toFailure } from "@agentflow/core";
import { type AdmissionLimits, AdmissionQueue } from "../serve/admission-queue.ts";
import { type Shared, SingleFlight } from "../serve/single-flight.ts";
import type { Answer } from "./answer.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { DuckConnection, DuckDatabase } from "./duck-database.ts";
import type { QueryRecord } from "./receipt.ts";

/** One question on its way to the database. */
export interface ServedQuery {
  /** Equal for questions that have the same answer. */
  readonly key: string;
  /** What the log says was asked. */
  readonly sql: string;
  readonly work: (connection: DuckConnection, signal: AbortSignal) => Promise<Answer>;
}

interface Served {
  readonly answer: Answer;
  readonly queuedMs: number;
}

/** How a database is shared by those who ask. */
export interface ServiceOptions extends AdmissionLimits {
  readonly onQuery?: ((record: QueryRecord) => void) | undefined;
}

/** Stands between those who ask and the database. */
export class QueryService implements Disposable {
  readonly #pool: ConnectionPool;
  readonly #queue: AdmissionQueue;
  readonly #flights = new SingleFlight<Served>();
  readonly #onQuery: ServiceOptions["onQuery"];

  constructor(database: DuckDatabase, { onQuery, ...limits }: ServiceOptions) {
    this.#pool = new ConnectionPool(database);
    this.#queue = new AdmissionQueue(limits);
    this.#onQuery = onQuery;
  }

  /** How many questions are being answered, and how many wait. */
  get load(): { readonly running: number; readonly waiting: number } {
    return this.#queue.load;
  }

  /** Answers, or has it answered together with an equal question. Throws what the work throws, QueryCancelledError. */
  async answer(query: ServedQuery, signal?: AbortSignal): Promise<Answer> {
    const served = await this.#logged(query.sql, () =>
      this.#flights.run(query.key, (stop) => this.#admitted(query, stop), signal),
    );
    return served.result.answer;
  }

  close(): void {
    this.#pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #admitted({ work }: ServedQuery, signal: AbortSignal): Promise<Served> {
    const came = performance.now();
    return await this.#queue.run(async () => {
      const queuedMs = performance.now() - came;
      const answer = await this.#pool.use((connection) => work(connection, signal));
      return { answer, queuedMs };
    }, signal);
  }

  async #logged(sql: string, work: () => Promise<Shared<Served>>): Promise<Shared<Served>> {
    const asked = { queryId: randomUUID(), timestamp: new Date().toISOString(), sql };
    const started = performance.now();
    const record = (more: Pick<QueryRecord, "resultRows" | "queuedMs" | "shared" | "failed">): void =>
      this.#onQuery?.({ ...asked, durationMs: performance.now() - started, ...more });
    try {
      const served = await work();
      const { answer, queuedMs } = served.result;
      record({ resultRows: answer.rows.length, queuedMs, shared: served.shared });
      return served;
    } catch (error) {
      record({ resultRows: 0, queuedMs: 0, shared: false, failed: toFailure(error).code });
      throw error;
    }
  }
}
