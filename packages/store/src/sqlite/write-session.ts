import type { DatabaseSync } from "node:sqlite";
import type {
  CommitResult,
  InboxStore,
  OwnerRow,
  OwnershipStore,
  RunCommit,
  RunHead,
  SqlValue,
} from "@agentflow/core";
import { CommitWriter } from "./commit-writer.ts";
import { InboxTable } from "./inbox-table.ts";
import { OwnerTable } from "./owner-table.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { RunNumbers } from "./run-numbers.ts";
import { RunReader } from "./run-reader.ts";
import { sqliteError } from "./sqlite-error.ts";
import { UserSql } from "./user-sql.ts";

/** Everything that writes, as plain data in and out: callable directly and by message. */
export interface WriteOperations {
  commit(members: readonly RunCommit[]): readonly CommitResult[];
  registerOwner(owner: OwnerRow): void;
  beat(ownerId: string): void;
  removeOwner(ownerId: string): void;
  takeRun(request: Parameters<OwnershipStore["takeRun"]>[0]): RunHead | undefined;
  releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): boolean;
  putInbox(request: Parameters<InboxStore["put"]>[0]): Awaited<ReturnType<InboxStore["put"]>>;
  beginTransaction(): void;
  userAll(sql: string, parameters: readonly SqlValue[]): Record<string, SqlValue>[];
  userRun(sql: string, parameters: readonly SqlValue[]): { readonly changes: number };
  /** Applies the commit in the open transaction and ends it; a refused commit undoes the effect too. */
  finishTransaction(commit: RunCommit): CommitResult;
  rollbackTransaction(): void;
  /** Moves the write-ahead log into the file; returns how many of its pages are left. */
  checkpoint(mode: "passive" | "restart"): number;
}

/** The parts of one connection that reads and writes. */
export interface SqliteParts {
  readonly statements: PreparedStatements;
  readonly runs: RunNumbers;
  readonly reader: RunReader;
  readonly owners: OwnerTable;
  readonly inbox: InboxTable;
}

/** Wires the parts of a connection. */
export function sqliteParts(db: DatabaseSync): SqliteParts {
  const statements = new PreparedStatements(db);
  const runs = new RunNumbers(statements);
  const reader = new RunReader(db, statements, runs);
  const owners = new OwnerTable(statements, runs, reader);
  return { statements, runs, reader, owners, inbox: new InboxTable(statements, runs) };
}

/** Write operations over one connection. They throw typed errors only. */
export function writeSession(db: DatabaseSync, path: string, parts: SqliteParts): WriteOperations {
  const { statements, runs, reader, owners, inbox } = parts;
  const writer = new CommitWriter({ db, path, statements, runs, reader });
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
        throw sqliteError(error, path);
      }
    };
  return {
    commit: typed((members) => writer.commit(members)),
    registerOwner: typed((owner) => owners.register(owner)),
    beat: typed((ownerId) => owners.beat(ownerId)),
    removeOwner: typed((ownerId) => owners.remove(ownerId)),
    takeRun: typed((request) => owners.take(request)),
    releaseRun: typed((request) => owners.release(request)),
    putInbox: typed((request) => inbox.put(request)),
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
    checkpoint: typed((mode) => {
      const row = statements.row(`PRAGMA wal_checkpoint(${mode === "passive" ? "PASSIVE" : "RESTART"})`);
      return Number(row?.[1] ?? 0) - Number(row?.[2] ?? 0);
    }),
  };
}
