import {
  type ArtifactStore,
  type CommitResult,
  canonicalJson,
  type RecordEvent,
  type RecordRow,
  type RunCommit,
  RunExistsError,
  type RunOrigin,
  type RunProgress,
  type RunStore,
} from "@agentflow/core";
import { blobReference } from "../run-events/referenced-blobs.ts";
import { type ReadRunDirectory, readRunDirectory } from "./read-run-directory.ts";

/** What to import, and under which id. */
export interface ImportRequest {
  /** The run's own directory. */
  readonly directory: string;
  readonly store: Pick<RunStore, "commit">;
  readonly tenant: string;
  /** Id of the new run. */
  readonly runId: string;
  /** Takes the contents of the run's artifacts, each name's newest. */
  readonly artifacts?: ArtifactStore | undefined;
}

/** The new run. */
export interface ImportResult {
  readonly runId: string;
  /** The run whose directory it was. */
  readonly importedFrom: string;
  readonly status: RunProgress["status"];
  readonly events: number;
  readonly steps: number;
}

/**
 * Makes a run of what is left of another one: its directory (RUN-10). The new run has the same rows, committed at once,
 * so that a refused import leaves nothing. Throws RunImportError with the reason, and RunExistsError.
 */
export async function importRunDirectory(request: ImportRequest): Promise<ImportResult> {
  const { store, tenant, runId, artifacts } = request;
  const read = await readRunDirectory(request.directory);
  for (const bytes of read.artifacts) await artifacts?.put(tenant, bytes);
  const commit = commitOf(read, tenant, runId);
  const [result] = await store.commit([commit]);
  checkResult(result, runId);
  return {
    runId,
    importedFrom: read.manifest.runId,
    status: commit.progress.status,
    events: commit.progress.events,
    steps: commit.progress.steps,
  };
}

function commitOf(read: ReadRunDirectory, tenant: string, runId: string): RunCommit {
  const rows = read.rows.map(restamp);
  const steps = rows.flatMap((record) => (record.kind === "step" ? [record.row] : []));
  const attempts = rows.flatMap((record) => (record.kind === "attempt" ? [record.row] : []));
  const last = read.events.at(-1);
  return {
    tenant,
    runId,
    expectedSeq: 0,
    progress: {
      seq: 1,
      epoch: 1,
      events: last?.seq ?? 0,
      emittedSeq: 0,
      status: read.manifest.status,
      recoveries: 0,
      round: roundOf(read.events),
      budgetMs: busyMs([...steps, ...attempts]),
      steps: steps.length,
      updatedAt: Date.parse(read.manifest.updatedAt),
      wakeAt: undefined,
    },
    create: { origin: originOf(read, tenant, runId), owner: undefined, definition: read.definition },
    release: true,
    steps,
    journal: rows.flatMap((record) => (record.kind === "journal" ? [record.row] : [])),
    attempts,
    marks: rows.flatMap((record) => (record.kind === "mark" ? [record.row] : [])),
    snapshots: [],
    blobs: read.blobs,
  };
}

/** The rows are one commit of the new run's first owner. */
function restamp(record: RecordRow): RecordRow {
  return { ...record, row: { ...record.row, seq: 1, epoch: 1 } } as RecordRow;
}

function originOf({ started, manifest }: ReadRunDirectory, tenant: string, runId: string): RunOrigin {
  const { workflow, version, fingerprint, seed, input, labels, at } = started;
  return {
    tenant,
    runId,
    workflow,
    version,
    fingerprint,
    seed,
    input: blobReference(input) === undefined ? canonicalJson(input) : (input as string),
    createdAt: at,
    labels: canonicalJson({ ...labels, importedFrom: manifest.runId }),
  };
}

/** How often the run was resumed after a failure (S11). */
function roundOf(events: readonly RecordEvent[]): number {
  const marks = events.filter((event) => event.type === "run.failed" || event.type === "run.resumed");
  return marks.filter((mark, index) => mark.type === "run.resumed" && marks[index - 1]?.type === "run.failed")
    .length;
}

/** Milliseconds in which an attempt was running (S22). */
function busyMs(attempts: readonly { readonly startedAt: number; readonly durationMs: number }[]): number {
  let [busy, until] = [0, -Infinity];
  for (const { startedAt, durationMs } of attempts.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const end = startedAt + durationMs;
    busy += Math.max(0, end - Math.max(startedAt, until));
    until = Math.max(until, end);
  }
  return busy;
}

function checkResult(result: CommitResult | undefined, runId: string): void {
  if (result?.kind === "failed") throw result.error;
  if (result?.kind !== "committed") {
    throw new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
  }
}
