import type {
  CommitResult,
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
import { readBlobs, readDefinition, readHead, readRecords, readScope } from "./run-reader.ts";
import type { ServerStore } from "./server-store.ts";

/** The run store on a database server. */
export class ServerRuns implements RunStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  get capabilities(): StoreCapabilities {
    return this.#store.capabilities;
  }

  async commit(members: readonly RunCommit[]): Promise<readonly CommitResult[]> {
    return this.#store.commit(members);
  }

  async transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
  ): Promise<CommitResult> {
    return this.#store.transact(work, finish);
  }

  async readHead(tenant: string, runId: string): Promise<RunHead | undefined> {
    return this.#store.database.repeatable((session) => readHead(session, tenant, runId));
  }

  async readScope(request: Parameters<RunStore["readScope"]>[0]): Promise<ScopeRecord> {
    return this.#store.database.snapshot((session) => readScope(session, request));
  }

  async readRecords(request: Parameters<RunStore["readRecords"]>[0]): Promise<readonly RecordRow[]> {
    return this.#store.database.snapshot((session) => readRecords(session, request));
  }

  async readBlobs(
    tenant: string,
    runId: string,
    hashes: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    return this.#store.database.repeatable((session) => readBlobs(session, tenant, runId, hashes));
  }

  async listRuns(query: RunQuery): Promise<readonly RunHead[]> {
    return this.#store.database.search((session) => listRuns(session, query, this.#store.listHint));
  }

  async readDefinition(tenant: string, fingerprint: string): Promise<string | undefined> {
    return this.#store.database.repeatable((session) => readDefinition(session, tenant, fingerprint));
  }

  awayMs(): number {
    return this.#store.awayMs();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
