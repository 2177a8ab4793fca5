import { type StoreUnderTest, storeContract } from "@agentflow/contracts";
import { openMemory } from "./open-memory.ts";

async function memory(): Promise<StoreUnderTest> {
  const backend = openMemory();
  return { backend, dispose: () => backend.runs.close() };
}

storeContract("memory", memory);
