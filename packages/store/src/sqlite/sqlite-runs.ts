import type {
  Awaitable,
  CommitResult,
  Durability,
  Json,
  RecordRow,
  RunCommit,
  RunHead,
  RunQuery,
  RunStore,
  ScopeRecord,
  StoreCapabilities,
  TransactionSql,
} from "@agentflow/core";
import { listRuns } from "./run-list.ts";
import type { SqliteAccess } from "./sqlite-access.ts";

/** The run store on SQLite: writes through the writer, reads over the calling thread's own connection. */
export class SqliteRuns implements RunStore {
  readonly capabilities: StoreCapabilities;
  readonly #access: SqliteAccess;

  constructor(access: SqliteAccess, capabilities: StoreCapabilities) {
    this.#access = access;
    this.capabilities = capabilities;
  }

  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> {
    return this.#access.writer.commit(members);
  }

  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
    durability?: Durability,
  ): Promise<CommitResult> {
    return this.#access.writer.transact(work, finish, durability);
  }

  async readHead(tenant: string, runId: string): Promise<RunHead | undefined> {
    return this.#access.read(({ reader }) => reader.readHead(tenant, runId));
  }

  async readScope(request: Parameters<RunStore["readScope"]>[0]): Promise<ScopeRecord> {
    return this.#access.read(({ reader }) => reader.readScope(request));
  }

  async readRecords(request: Parameters<RunStore["readRecords"]>[0]): Promise<readonly RecordRow[]> {
    return this.#access.read(({ reader }) => reader.readRecords(request));
  }

  async readBlobs(
    tenant: string,
    runId: string,
    hashes: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    return this.#access.read(({ reader }) => reader.readBlobs(tenant, runId, hashes));
  }

  async listRuns(query: RunQuery): Promise<readonly RunHead[]> {
    return this.#access.read(({ statements }) => listRuns(statements, query));
  }

  async readDefinition(tenant: string, fingerprint: string): Promise<string | undefined> {
    return this.#access.read(({ reader }) => reader.readDefinition(tenant, fingerprint));
  }

  close(): Promise<void> {
    return this.#access.close();
  }
}
