import { mkdir, rename, rm } from "node:fs/promises";
import { RunNotFoundError, type RunStore, requireHistory } from "@agentflow/core";
import { storedEvents } from "../run-events/stored-events.ts";
import { runDirectoryLayout } from "./run-directory-layout.ts";
import { type ProjectionSource, RunProjection } from "./run-projection.ts";

/** What to rebuild, and where. */
export interface RebuildRequest extends ProjectionSource {
  readonly store: Pick<RunStore, "readHead" | "readRecords" | "readBlobs" | "readDefinition">;
  readonly runId: string;
  /** The run's own directory. */
  readonly directory: string;
}

/** What a rebuilt directory holds. */
export interface RebuildResult {
  readonly directory: string;
  readonly events: number;
}

/**
 * Writes a run's directory again from the store, byte by byte what the emitter writes; files that do not belong to it are
 * left alone. Throws RunNotFoundError, HistoryRemovedError, and ArtifactNotFoundError or ArtifactPathError after everything else is written.
 */
export async function rebuildRunDirectory(request: RebuildRequest): Promise<RebuildResult> {
  const { store, tenant, runId, directory } = request;
  const head = await store.readHead(tenant, runId);
  if (head === undefined) throw new RunNotFoundError(`There is no run ${runId}.`, { context: { runId } });
  requireHistory(head);
  const layout = runDirectoryLayout(directory);
  const rebuilt = { ...layout, events: `${layout.events}.rebuild` };
  await mkdir(directory, { recursive: true });
  await rm(rebuilt.events, { force: true });
  const projection = new RunProjection(request, runId, rebuilt);
  let events = 0;
  for await (const page of storedEvents(store, tenant)(runId, 0)) {
    events += page.length;
    await projection.write(page);
  }
  if (events > 0) await rename(rebuilt.events, layout.events);
  await projection.writeManifest();
  projection.reportProblems();
  return { directory, events };
}
