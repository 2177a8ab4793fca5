import { deepFreeze, type Json, type RunOrigin, type RunStore } from "@agentflow/core";

/** The encoded input of a run per field; a large one is read from its blob (S17). */
export async function readInput(origin: RunOrigin, runs: RunStore): Promise<Readonly<Record<string, Json>>> {
  let { input } = origin;
  if (input.startsWith("#")) {
    const hash = input.slice(1);
    const blobs = await runs.readBlobs(origin.tenant, origin.runId, [hash]);
    input = blobs.get(hash) ?? "{}";
  }
  return deepFreeze(JSON.parse(input) as Record<string, Json>) as Record<string, Json>;
}
