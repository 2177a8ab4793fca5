import type {
  Awaitable,
  CommitResult,
  Durability,
  ExportStore,
  InboxStore,
  Json,
  OwnershipStore,
  QueueStore,
  RetentionStore,
  RunCommit,
  RunStore,
  ScheduleStore,
  StoreBackend,
  TransactionSql,
  WaitStore,
} from "@agentflow/core";

/** Names of the store calls that can be intercepted: all but `close`. */
export type StoreMethod =
  | Exclude<keyof RunStore, "capabilities" | "close">
  | keyof OwnershipStore
  | keyof InboxStore
  | keyof WaitStore
  | keyof QueueStore
  | keyof ScheduleStore
  | keyof RetentionStore
  | keyof ExportStore;

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
    waits: interceptWaits(backend.waits, pass),
    queues: interceptQueues(backend.queues, pass),
    schedules: interceptSchedules(backend.schedules, pass),
    retention: interceptRetention(backend.retention, pass),
    exports: interceptExports(backend.exports, pass),
  };
}

function interceptRuns(runs: RunStore, pass: Interceptor<StoreMethod>): RunStore {
  return {
    capabilities: runs.capabilities,
    commit: (members: readonly RunCommit[]): Awaitable<readonly CommitResult[]> =>
      pass("commit", () => runs.commit(members)),
    transact: async (
      work: (sql: TransactionSql) => Promise<Json>,
      finish: (value: Json) => RunCommit,
      durability?: Durability,
    ) => pass("transact", () => runs.transact(work, finish, durability)),
    readHead: async (tenant, runId) => pass("readHead", () => runs.readHead(tenant, runId)),
    readScope: async (request) => pass("readScope", () => runs.readScope(request)),
    readRecords: async (request) => pass("readRecords", () => runs.readRecords(request)),
    readBlobs: async (tenant, runId, hashes) =>
      pass("readBlobs", () => runs.readBlobs(tenant, runId, hashes)),
    listRuns: async (query) => pass("listRuns", () => runs.listRuns(query)),
    readDefinition: async (tenant, fingerprint) =>
      pass("readDefinition", () => runs.readDefinition(tenant, fingerprint)),
    awayMs: () => runs.awayMs?.() ?? 0,
    close: () => runs.close(),
  };
}

function interceptOwners(owners: OwnershipStore, pass: Interceptor<StoreMethod>): OwnershipStore {
  return {
    registerOwner: async (owner) => pass("registerOwner", () => owners.registerOwner(owner)),
    beat: async (ownerId) => pass("beat", () => owners.beat(ownerId)),
    readOwner: async (ownerId) => pass("readOwner", () => owners.readOwner(ownerId)),
    listOwners: async () => pass("listOwners", () => owners.listOwners()),
    removeOwner: async (ownerId) => pass("removeOwner", () => owners.removeOwner(ownerId)),
    takeRun: async (request) => pass("takeRun", () => owners.takeRun(request)),
    listOrphans: async (request) => pass("listOrphans", () => owners.listOrphans(request)),
    releaseRun: async (request) => pass("releaseRun", () => owners.releaseRun(request)),
  };
}

function interceptInbox(inbox: InboxStore, pass: Interceptor<StoreMethod>): InboxStore {
  return {
    put: async (request) => pass("put", () => inbox.put(request)),
    refuse: async (request) => pass("refuse", () => inbox.refuse(request)),
    newest: async (tenant, runIds) => pass("newest", () => inbox.newest(tenant, runIds)),
    read: async (tenant, runId, afterId) => pass("read", () => inbox.read(tenant, runId, afterId)),
  };
}

function interceptWaits(waits: WaitStore, pass: Interceptor<StoreMethod>): WaitStore {
  return {
    listDue: async (request) => pass("listDue", () => waits.listDue(request)),
    takeRested: async (request) => pass("takeRested", () => waits.takeRested(request)),
    listInterrupts: async (query) => pass("listInterrupts", () => waits.listInterrupts(query)),
  };
}

function interceptQueues(queues: QueueStore, pass: Interceptor<StoreMethod>): QueueStore {
  return {
    claimQueued: async (request) => pass("claimQueued", () => queues.claimQueued(request)),
    readPlace: async (tenant, runId) => pass("readPlace", () => queues.readPlace(tenant, runId)),
  };
}

function interceptSchedules(schedules: ScheduleStore, pass: Interceptor<StoreMethod>): ScheduleStore {
  return {
    createSchedule: async (row) => pass("createSchedule", () => schedules.createSchedule(row)),
    replaceSchedule: async (row, expectedRevision) =>
      pass("replaceSchedule", () => schedules.replaceSchedule(row, expectedRevision)),
    removeSchedule: async (tenant, name) =>
      pass("removeSchedule", () => schedules.removeSchedule(tenant, name)),
    readSchedule: async (tenant, name) => pass("readSchedule", () => schedules.readSchedule(tenant, name)),
    listSchedules: async (request) => pass("listSchedules", () => schedules.listSchedules(request)),
  };
}

function interceptRetention(retention: RetentionStore, pass: Interceptor<StoreMethod>): RetentionStore {
  return {
    listCompactable: async (request) => pass("listCompactable", () => retention.listCompactable(request)),
    removeSnapshots: async (request) => pass("removeSnapshots", () => retention.removeSnapshots(request)),
    listRemovable: async (rule, page) => pass("listRemovable", () => retention.listRemovable(rule, page)),
    measureRuns: async (request) => pass("measureRuns", () => retention.measureRuns(request)),
    removeRuns: async (rule, request) => pass("removeRuns", () => retention.removeRuns(rule, request)),
    listRemoved: async (request) => pass("listRemoved", () => retention.listRemoved(request)),
    purge: async (request) => pass("purge", () => retention.purge(request)),
    readArtifacts: async (request) => pass("readArtifacts", () => retention.readArtifacts(request)),
    space: async (request) => pass("space", () => retention.space(request)),
    claimRound: async (request) => pass("claimRound", () => retention.claimRound(request)),
  };
}

function interceptExports(exports: ExportStore, pass: Interceptor<StoreMethod>): ExportStore {
  return {
    claimExports: async (request) => pass("claimExports", () => exports.claimExports(request)),
    readExports: async (request) => pass("readExports", () => exports.readExports(request)),
    listOpenExports: async (tenant) => pass("listOpenExports", () => exports.listOpenExports(tenant)),
    completeExports: async (request) => pass("completeExports", () => exports.completeExports(request)),
  };
}
