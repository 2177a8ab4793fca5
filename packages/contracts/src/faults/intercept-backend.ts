import type {
  Awaitable,
  CommitResult,
  InboxStore,
  Json,
  OwnershipStore,
  RunCommit,
  RunStore,
  StoreBackend,
  TransactionSql,
} from "@agentflow/core";

/** Names of the store calls that can be intercepted: all but `close`. */
export type StoreMethod =
  | Exclude<keyof RunStore, "capabilities" | "close">
  | keyof OwnershipStore
  | keyof InboxStore;

/** What stands between a caller and a port: makes the call with `work`, or does something else. */
export type Interceptor<Method extends string = string> = <T>(
  method: Method,
  work: () => Awaitable<T>,
) => Awaitable<T>;

/** A back end whose every call but `close` goes through `pass`; a call that answers within the tick still can. */
export function interceptBackend(backend: StoreBackend, pass: Interceptor<StoreMethod>): StoreBackend {
  return {
    runs: interceptRuns(backend.runs, pass),
    owners: interceptOwners(backend.owners, pass),
    inbox: interceptInbox(backend.inbox, pass),
  };
}

function interceptRuns(runs: RunStore, pass: Interceptor<StoreMethod>): RunStore {
  return {
    capabilities: runs.capabilities,
    commit: (members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> =>
      pass("commit", () => runs.commit(members)),
    transact: async (work: (sql: TransactionSql) => Promise<Json>, finish: (value: Json) => RunCommit) =>
      pass("transact", () => runs.transact(work, finish)),
    readHead: async (tenant, runId) => pass("readHead", () => runs.readHead(tenant, runId)),
    readScope: async (request) => pass("readScope", () => runs.readScope(request)),
    readRecords: async (request) => pass("readRecords", () => runs.readRecords(request)),
    readBlobs: async (tenant, runId, hashes) =>
      pass("readBlobs", () => runs.readBlobs(tenant, runId, hashes)),
    listRuns: async (query) => pass("listRuns", () => runs.listRuns(query)),
    readDefinition: async (tenant, fingerprint) =>
      pass("readDefinition", () => runs.readDefinition(tenant, fingerprint)),
    close: () => runs.close(),
  };
}

function interceptOwners(owners: OwnershipStore, pass: Interceptor<StoreMethod>): OwnershipStore {
  return {
    registerOwner: async (owner) => pass("registerOwner", () => owners.registerOwner(owner)),
    beat: async (ownerId) => pass("beat", () => owners.beat(ownerId)),
    readOwner: async (ownerId) => pass("readOwner", () => owners.readOwner(ownerId)),
    removeOwner: async (ownerId) => pass("removeOwner", () => owners.removeOwner(ownerId)),
    takeRun: async (request) => pass("takeRun", () => owners.takeRun(request)),
    releaseRun: async (request) => pass("releaseRun", () => owners.releaseRun(request)),
  };
}

function interceptInbox(inbox: InboxStore, pass: Interceptor<StoreMethod>): InboxStore {
  return {
    put: async (request) => pass("put", () => inbox.put(request)),
    read: async (tenant, runId, afterId) => pass("read", () => inbox.read(tenant, runId, afterId)),
  };
}
