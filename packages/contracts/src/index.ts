export { type SampleRun, sampleRun } from "./events/sample-run.ts";
export { commitContract } from "./store/commit-contract.ts";
export { type StoreFactory, type StoreUnderTest, storeTest } from "./store/store-factory.ts";
