import {
  type CommitResult,
  type Json,
  type RunCommit,
  type StoreBackend,
  type StoreCapabilities,
  StoreUnavailableError,
  type TransactionSql,
} from "@agentflow/core";
import { SqlQueues } from "../queues/sql-queues.ts";
import type { RetentionDialect } from "../retention/retention-dialect.ts";
import { SqlExports } from "../retention/sql-exports.ts";
import { SqlRetention } from "../retention/sql-retention.ts";
import { SqlSchedules } from "../schedules/sql-schedules.ts";
import { mayGather } from "../store-durability.ts";
import { CommitGroups } from "./commit-groups.ts";
import { GroupWriter, type UnitWriter } from "./group-writer.ts";
import type { ListIndex } from "./list-statement.ts";
import { ServerInbox } from "./server-inbox.ts";
import { ServerOwners } from "./server-owners.ts";
import { ServerRuns } from "./server-runs.ts";
import { ServerWaits } from "./server-waits.ts";
import type { SqlDatabase } from "./sql-database.ts";

/** What a database server brings to a store. */
export interface ServerParts {
  readonly database: SqlDatabase;
  readonly units: UnitWriter;
  readonly capabilities: StoreCapabilities;
  readonly dialect: RetentionDialect;
  /** How long `batched` commits gather before they are written. */
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
    const writer = new GroupWriter(parts.units, () => this.#closing === undefined);
    this.#groups = new CommitGroups((members) => writer.commit(members), parts.gatherMs);
  }

  get capabilities(): StoreCapabilities {
    return this.#parts.capabilities;
  }

  get listHint(): (index: ListIndex) => string {
    return this.#parts.dialect.listHint;
  }

  get database(): SqlDatabase {
    this.#checkOpen();
    return this.#parts.database;
  }

  commit(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    this.#checkOpen();
    const { defaultDurability } = this.#parts.capabilities;
    return this.#groups.add(members, mayGather(members, defaultDurability));
  }

  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    this.#checkOpen();
    return this.#parts.transact(work, finish);
  }

  awayMs(): number {
    return this.#parts.database.awayMs();
  }

  /** Writes what waits, unless the server is away, then closes. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#parts.database.stopWaiting();
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
  const database = () => store.database;
  return {
    runs: new ServerRuns(store),
    owners: new ServerOwners(store),
    inbox: new ServerInbox(store),
    waits: new ServerWaits(store),
    queues: new SqlQueues(database, parts.dialect),
    schedules: new SqlSchedules(database, parts.dialect),
    retention: new SqlRetention(database, parts.dialect),
    exports: new SqlExports(database, parts.dialect),
  };
}
