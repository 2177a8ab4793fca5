export { type ArtifactsUnderTest, artifactContract } from "./artifacts/artifact-contract.ts";
export { type CacheUnderTest, cacheContract } from "./cache/cache-contract.ts";
export { type SampleRun, sampleRun } from "./events/sample-run.ts";
export { type SampleRunTarget, storeSampleRun } from "./events/store-sample-run.ts";
export { FakeClock } from "./fake-clock.ts";
export { FakeHost, type FakeHostParts, FakeProcesses } from "./fake-host.ts";
export { type CrossingFault, type CrossingFaultKind, FaultLine } from "./faults/fault-line.ts";
export { type Interceptor, interceptBackend, type StoreMethod } from "./faults/intercept-backend.ts";
export { interceptArtifacts, interceptCache, interceptEmitter } from "./faults/intercept-ports.ts";
export { type Fault, type FaultKind, FaultyStore } from "./faulty-store.ts";
export { type SchedulerOptions, SeededScheduler } from "./scheduler/seeded-scheduler.ts";
export { commitContract } from "./store/commit-contract.ts";
export { durabilityContract } from "./store/durability-contract.ts";
export { exportContract } from "./store/export-contract.ts";
export { inboxContract } from "./store/inbox-contract.ts";
export { listingContract } from "./store/listing-contract.ts";
export { ownershipContract } from "./store/ownership-contract.ts";
export { readingContract } from "./store/reading-contract.ts";
export { retentionContract } from "./store/retention-contract.ts";
export {
  type NextCommitParts,
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleOrigin,
  sampleProgress,
  sampleSnapshot,
  sampleStep,
  sampleTime,
  startCommit,
  stepCommit,
} from "./store/sample-commits.ts";
export { sizeContract } from "./store/size-contract.ts";
export { storeContract } from "./store/store-contract.ts";
export { type StoreFactory, type StoreSql, type StoreUnderTest, storeTest } from "./store/store-factory.ts";
export { textContract } from "./store/text-contract.ts";
export { sqliteSql, transactionContract } from "./store/transaction-contract.ts";
export { waitsContract } from "./store/waits-contract.ts";
