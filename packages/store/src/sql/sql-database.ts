import type { SqlValue } from "@agentflow/core";

/**
 * One connection to a database server, as the shared parts of the server stores use it. Statements mark parameters
 * with `?`. Text goes in and comes out unescaped.
 */
export interface SqlSession {
  rows(sql: string, ...values: readonly SqlValue[]): Promise<readonly (readonly SqlValue[])[]>;
  /** Runs a statement and returns how many rows it matched. */
  change(sql: string, ...values: readonly SqlValue[]): Promise<number>;
}

/** Work over one connection. */
export type SqlWork<T> = (session: SqlSession) => Promise<T>;

/** A pool of connections. Everything throws typed store errors only. */
export interface SqlDatabase {
  /** Work that may be done twice: it is repeated when the connection breaks. */
  repeatable<T>(work: SqlWork<T>): Promise<T>;
  /** Reads of one state, whatever others commit meanwhile. */
  snapshot<T>(work: SqlWork<T>): Promise<T>;
  /**
   * Work as one transaction. It is repeated only when nothing of it can have happened; StoreUnavailableError leaves
   * open whether it did.
   */
  transaction<T>(work: SqlWork<T>): Promise<T>;
  close(): Promise<void>;
}
