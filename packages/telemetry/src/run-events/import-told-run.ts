import {
  type ArtifactStore,
  type CommitResult,
  RunExistsError,
  type RunProgress,
  type RunStore,
} from "@agentflow/core";
import { rebuiltCommit, type ToldRun } from "./rebuilt-commit.ts";

/** Where an imported run goes, and under which id. */
export interface ImportTarget {
  readonly store: Pick<RunStore, "commit">;
  readonly tenant: string;
  /** Id of the new run. */
  readonly runId: string;
  /** Takes the contents of the run's artifacts. */
  readonly artifacts?: ArtifactStore | undefined;
}

/** The new run. */
export interface ImportResult {
  readonly runId: string;
  /** The run that its events are of. */
  readonly importedFrom: string;
  readonly status: RunProgress["status"];
  readonly events: number;
  readonly steps: number;
}

/**
 * Makes a run of what is told of another one, with the same rows, committed at once, so that a refused import leaves
 * nothing. Throws RunImportError with the reason, and RunExistsError.
 */
export async function importToldRun(
  told: ToldRun & { readonly artifacts: readonly Uint8Array[] },
  { store, tenant, runId, artifacts }: ImportTarget,
): Promise<ImportResult> {
  const commit = rebuiltCommit(told, tenant, runId);
  for (const bytes of told.artifacts) await artifacts?.put(tenant, bytes);
  const [result] = await store.commit([commit]);
  checkResult(result, runId);
  return {
    runId,
    importedFrom: told.events[0]?.runId ?? "",
    status: commit.progress.status,
    events: commit.progress.events,
    steps: commit.progress.steps,
  };
}

function checkResult(result: CommitResult | undefined, runId: string): void {
  if (result?.kind === "failed") throw result.error;
  if (result?.kind !== "committed") {
    throw new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
  }
}
