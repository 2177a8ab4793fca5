import type { DatabaseSync } from "node:sqlite";
import type {
  CommitResult,
  InboxStore,
  OwnerRow,
  OwnershipStore,
  RestedRun,
  RunCommit,
  RunHead,
  SqlValue,
  WaitStore,
} from "@agentflow/core";
import { CommitWriter } from "./commit-writer.ts";
import { copyLog, settleLog } from "./copy-log.ts";
import { InboxTable } from "./inbox-table.ts";
import type { LogDoubt } from "./log-doubt.ts";
import { OwnerTable } from "./owner-table.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { RunNumbers } from "./run-numbers.ts";
import { RunReader } from "./run-reader.ts";
import { sqliteError } from "./sqlite-error.ts";
import { UserSql } from "./user-sql.ts";
import { WaitTable } from "./wait-table.ts";

/** Everything that writes, as plain data in and out: callable directly and by message. */
export interface WriteOperations {
  commit(members: readonly RunCommit[]): readonly CommitResult[];
  registerOwner(owner: OwnerRow): void;
  beat(ownerId: string): boolean;
  removeOwner(ownerId: string): void;
  takeRun(request: Parameters<OwnershipStore["takeRun"]>[0]): RunHead | undefined;
  releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): boolean;
  takeRested(request: Parameters<WaitStore["takeRested"]>[0]): readonly RestedRun[];
  putInbox(request: Parameters<InboxStore["put"]>[0]): Awaited<ReturnType<InboxStore["put"]>>;
  refuseInbox(request: Parameters<InboxStore["refuse"]>[0]): void;
  beginTransaction(): void;
  userAll(sql: string, parameters: readonly SqlValue[]): Record<string, SqlValue>[];
  userRun(sql: string, parameters: readonly SqlValue[]): { readonly changes: number };
  /** Applies the commit in the open transaction and ends it; a refused commit undoes the effect too. */
  finishTransaction(commit: RunCommit): CommitResult;
  rollbackTransaction(): void;
  /**
   * Copies the write-ahead log into the file if at least `pagesMin` of its pages are to be copied; returns how many are
   * left.
   */
  checkpoint(mode: "passive" | "restart", pagesMin?: number): number;
  /** Closes the connection; the last one of a file moves the log into it. */
  close(): void;
}

/** The parts of one connection that reads and writes. */
export interface SqliteParts {
  readonly statements: PreparedStatements;
  readonly runs: RunNumbers;
  readonly reader: RunReader;
  readonly owners: OwnerTable;
  readonly inbox: InboxTable;
  readonly waits: WaitTable;
}

/** Wires the parts of a connection. */
export function sqliteParts(db: DatabaseSync): SqliteParts {
  const statements = new PreparedStatements(db);
  const runs = new RunNumbers(statements);
  const reader = new RunReader(db, statements, runs);
  const owners = new OwnerTable(statements, runs, reader);
  const inbox = new InboxTable(statements, runs);
  const waits = new WaitTable({ statements, runs, reader, owners, inbox });
  return { statements, runs, reader, owners, inbox, waits };
}

/** What write operations work with. */
export interface WriteSessionParts extends SqliteParts {
  readonly db: DatabaseSync;
  readonly path: string;
  readonly doubt: LogDoubt;
  /** Whether its commits are synced. */
  readonly syncs: boolean;
}

/** Write operations over one connection. They throw typed errors only. */
export function writeSession(parts: WriteSessionParts): WriteOperations {
  const { db, path, doubt, syncs, owners, inbox, waits } = parts;
  const settleDoubt = (): void => settleLog(parts);
  const writer = new CommitWriter({ ...parts, settleDoubt: syncs ? settleDoubt : () => undefined });
  let user: UserSql | undefined;
  const userSql = () => {
    user ??= new UserSql(db);
    return user;
  };
  const typed =
    <Arguments extends readonly unknown[], Result>(work: (...values: Arguments) => Result) =>
    (...values: Arguments): Result => {
      try {
        return work(...values);
      } catch (error) {
        doubt.hear(error);
        throw sqliteError(error, path);
      }
    };
  /** Work that is a transaction by itself. */
  const alone = <Arguments extends readonly unknown[], Result>(work: (...values: Arguments) => Result) =>
    typed((...values: Arguments): Result => {
      if (syncs) settleDoubt();
      return work(...values);
    });
  return {
    commit: typed((members) => writer.commit(members)),
    registerOwner: alone((owner) => owners.register(owner)),
    beat: alone((ownerId) => owners.beat(ownerId)),
    removeOwner: alone((ownerId) => owners.remove(ownerId)),
    takeRun: alone((request) => owners.take(request)),
    releaseRun: alone((request) => owners.release(request)),
    takeRested: typed((request) => writer.transaction(() => waits.takeRested(request))),
    putInbox: typed((request) => writer.transaction(() => inbox.put(request))),
    refuseInbox: typed((request) => writer.transaction(() => inbox.refuse(request))),
    beginTransaction: typed(() => writer.begin()),
    userAll: typed((sql, parameters) => userSql().all(sql, parameters)),
    userRun: typed((sql, parameters) => userSql().run(sql, parameters)),
    finishTransaction: typed((commit) => {
      const result = writer.apply(commit);
      if (result.kind === "committed") writer.finish();
      else writer.rollback();
      return result;
    }),
    rollbackTransaction: typed(() => writer.rollback()),
    checkpoint: typed((mode, pagesMin) =>
      copyLog(parts, mode === "passive" ? "PASSIVE" : "RESTART", pagesMin),
    ),
    close: typed(() => {
      try {
        if (db.isOpen) settleDoubt();
      } finally {
        if (db.isOpen) db.close();
      }
    }),
  };
}
