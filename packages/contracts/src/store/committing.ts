import assert from "node:assert/strict";
import type { RunCommit, StoreBackend } from "@agentflow/core";

/** The kinds of the results of one group. */
export async function kindsOf(backend: StoreBackend, members: readonly RunCommit[]): Promise<string[]> {
  return (await backend.runs.commit(members)).map(({ kind }) => kind);
}

/** Commits one after the other and checks that each is committed. */
export async function commitAll(backend: StoreBackend, members: readonly RunCommit[]): Promise<void> {
  for (const member of members) assert.deepEqual(await kindsOf(backend, [member]), ["committed"]);
}

/** The deltas of the root scope, in order. */
export async function deltasOf(backend: StoreBackend, runId = "run-1"): Promise<string[]> {
  const scope = await backend.runs.readScope({ tenant: "default", runId, scope: "", from: "start" });
  return scope.steps.map(({ delta }) => delta);
}
