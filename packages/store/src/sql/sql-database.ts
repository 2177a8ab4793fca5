import type { AgentFlowError, Durability, SqlValue } from "@agentflow/core";

/**
 * One connection to a database server, as the shared parts of the server stores use it. Statements mark parameters
 * with `?`. Text goes in and comes out unescaped.
 */
export interface SqlSession {
  rows(sql: string, ...values: readonly SqlValue[]): Promise<readonly (readonly SqlValue[])[]>;
  /** Runs a statement and returns how many rows it matched. */
  change(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /** Runs statements in order, up to the first that fails, in as few round trips as the driver can. */
  batch(statements: readonly SqlStatement[]): Promise<readonly SqlResult[]>;
}

/** One statement with its values. */
export interface SqlStatement {
  readonly sql: string;
  readonly values?: readonly SqlValue[];
}

/** What a statement gave: the rows it read, or how many rows it matched. */
export interface SqlResult {
  readonly rows: readonly (readonly SqlValue[])[];
  readonly changes: number;
}

/** Work over one connection. */
export type SqlWork<T> = (session: SqlSession) => Promise<T>;

/** Connections as {@link SqlDatabase} lends them. Everything throws typed store errors only. */
export interface SqlDatabase {
  /** Work that may be done twice: it is repeated when the connection breaks. */
  repeatable<T>(work: SqlWork<T>): Promise<T>;
  /** Reads of one state, whatever others commit meanwhile. */
  snapshot<T>(work: SqlWork<T>): Promise<T>;
  /** Reads whose plan fits their values, where a plan made once for all of them would not. */
  search<T>(work: SqlWork<T>): Promise<T>;
  /**
   * Work as one transaction, at the level it asks for. It is repeated only when nothing of it can have happened;
   * StoreUnavailableError leaves open whether it did.
   */
  transaction<T>(work: SqlWork<T>, durability?: Durability): Promise<T>;
  /** Work as one transaction that may be done twice. */
  repeatableTransaction<T>(work: SqlWork<T>): Promise<T>;
  /** Work that may be done twice and begins and ends its transaction itself; what it leaves open is undone. */
  repeatableBatches<T>(work: SqlWork<T>): Promise<T>;
  /** How long it has waited in all for a server that was away, in milliseconds. */
  awayMs(): number;
  /** From now on nothing waits for a server that is away. */
  stopWaiting(): void;
  close(): Promise<void>;
}

/** A connection taken out of a pool. It throws what the driver throws. */
export interface SqlConnection {
  readonly session: SqlSession;
  /** Runs one statement of a workflow, with the driver's own placeholders and the values as they are. */
  user(
    sql: string,
    parameters: readonly SqlValue[],
  ): Promise<{ readonly rows: Record<string, SqlValue>[]; readonly changes: number }>;
  /** Runs statements that take no parameters. */
  control(sql: readonly string[]): Promise<void>;
  /** Gives it back; a broken one is closed. */
  release(isBroken: boolean): void;
}

/** A driver's pool of connections to one kind of server. */
export interface SqlPool {
  /** Statements that begin a transaction whose reads see one state. */
  readonly beginSnapshot: readonly string[];
  /** Statements that begin a transaction whose reads are planned for their values. */
  readonly beginSearch: readonly string[];
  /** Statements that begin a transaction that is synced before its end is acknowledged, whatever the connection does else. */
  readonly beginSynced: readonly string[];
  /** Statements that begin a transaction in which a workflow's own SQL runs. */
  readonly beginUser: readonly string[];
  connect(): Promise<SqlConnection>;
  /** The typed error for what the driver threw. Typed errors pass through. */
  typed(error: unknown): AgentFlowError;
  /** Whether a primary key refused a row, as the driver's error behind a typed one tells. */
  isRowTaken(error: unknown): boolean;
  close(): Promise<void>;
}
