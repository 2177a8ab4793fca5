import { StoreUnavailableError } from "@agentflow/core";
import { keepLog } from "./keep-log.ts";
import type { LogDoubt } from "./log-doubt.ts";
import { retryLocked } from "./retry-locked.ts";
import { sqliteError } from "./sqlite-error.ts";
import type { SqliteMaintenance } from "./sqlite-maintenance.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import type { SqliteParts } from "./write-session.ts";

/** What an opened store consists of. */
export interface SqliteAccessParts {
  readonly path: string;
  readonly parts: SqliteParts;
  readonly writer: SqliteWriter;
  readonly maintenance: SqliteMaintenance;
  readonly doubt: LogDoubt;
  readonly lockedAfterMs: number;
}

/** The opened store that its aggregates share. After `close` every access throws StoreUnavailableError. */
export class SqliteAccess {
  readonly #opened: SqliteAccessParts;
  #closing: Promise<void> | undefined;

  constructor(opened: SqliteAccessParts) {
    this.#opened = opened;
  }

  get writer(): SqliteWriter {
    this.#checkOpen();
    return this.#opened.writer;
  }

  get maintenance(): SqliteMaintenance {
    this.#checkOpen();
    return this.#opened.maintenance;
  }

  /**
   * Reads over the calling thread's connection; what SQLite throws becomes a typed error. Readers wait for no
   * writer, but for another process that closes or mends the log.
   */
  async read<T>(work: (parts: SqliteParts) => T): Promise<T> {
    return retryLocked(() => this.#readOnce(work), this.#opened.lockedAfterMs);
  }

  /** Writes what waits, then closes. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #readOnce<T>(work: (parts: SqliteParts) => T): T {
    this.#checkOpen();
    try {
      return work(this.#opened.parts);
    } catch (error) {
      throw sqliteError(error, this.#opened.path);
    }
  }

  async #close(): Promise<void> {
    const { path, writer, maintenance, doubt } = this.#opened;
    const release = doubt.isFileInDoubt ? keepLog(path) : undefined;
    try {
      await maintenance.close();
      await writer.close();
    } finally {
      release?.();
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreUnavailableError("The store is closed.");
  }
}
