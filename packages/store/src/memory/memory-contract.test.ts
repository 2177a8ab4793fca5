import { commitContract, type StoreUnderTest } from "@agentflow/contracts";
import { openMemory } from "./open-memory.ts";

async function memory(): Promise<StoreUnderTest> {
  const backend = openMemory();
  return { backend, dispose: () => backend.runs.close() };
}

commitContract("memory", memory);
