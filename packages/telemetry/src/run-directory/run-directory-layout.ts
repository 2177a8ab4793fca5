import { join } from "node:path";

/** Where the parts of a run directory are (RUN-1). */
export interface RunDirectoryLayout {
  readonly directory: string;
  readonly manifest: string;
  readonly events: string;
  /** JSON description of the workflow. */
  readonly definition: string;
  /** Values too large for the events, by SHA-256. */
  readonly blobs: string;
  readonly artifacts: string;
  /** Cached results of this run (RUN-20); no projection, so nothing here rebuilds it. */
  readonly cache: string;
}

/** The layout of one run's own directory. */
export function runDirectoryLayout(directory: string): RunDirectoryLayout {
  return {
    directory,
    manifest: join(directory, "manifest.json"),
    events: join(directory, "events.jsonl"),
    definition: join(directory, "workflow.json"),
    blobs: join(directory, "blobs"),
    artifacts: join(directory, "artifacts"),
    cache: join(directory, ".cache"),
  };
}

/** The file of a blob in its folder. */
export function blobFile(blobs: string, hash: string): string {
  return join(blobs, `${hash}.json`);
}
