import {
  type CommitResult,
  type Json,
  type RunCommit,
  type StoreBackend,
  type StoreCapabilities,
  StoreUnavailableError,
  type TransactionSql,
} from "@agentflow/core";
import { CommitGroups } from "./commit-groups.ts";
import { GroupWriter, type UnitWriter } from "./group-writer.ts";
import { ServerInbox } from "./server-inbox.ts";
import { ServerOwners } from "./server-owners.ts";
import { ServerRuns } from "./server-runs.ts";
import type { SqlDatabase } from "./sql-database.ts";

/** What a database server brings to a store. */
export interface ServerParts {
  readonly database: SqlDatabase;
  readonly units: UnitWriter;
  readonly capabilities: StoreCapabilities;
  /** How long commits gather before they are written; 0 gathers only while a group is under way. */
  readonly gatherMs: number;
  /** An effect and its commit as one transaction (S26). */
  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult>;
}

/** The opened store that its aggregates share. After `close` every access throws StoreUnavailableError. */
export class ServerStore {
  readonly #parts: ServerParts;
  readonly #groups: CommitGroups;
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    const writer = new GroupWriter(parts.units);
    this.#groups = new CommitGroups((members) => writer.commit(members), parts.gatherMs);
  }

  get capabilities(): StoreCapabilities {
    return this.#parts.capabilities;
  }

  get database(): SqlDatabase {
    this.#checkOpen();
    return this.#parts.database;
  }

  commit(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    this.#checkOpen();
    return this.#groups.add(members);
  }

  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    this.#checkOpen();
    return this.#parts.transact(work, finish);
  }

  /** Writes what waits, then closes. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#groups.flush();
    await this.#parts.database.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreUnavailableError("The store is closed.");
  }
}

/** The aggregates of a store on a database server. */
export function serverBackend(parts: ServerParts): StoreBackend {
  const store = new ServerStore(parts);
  return { runs: new ServerRuns(store), owners: new ServerOwners(store), inbox: new ServerInbox(store) };
}
