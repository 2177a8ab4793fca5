import type { RunStatus } from "@agentflow/core";

/** Version of the layout of a run directory. */
export const manifestFormat = 1;

/** `manifest.json` of a run directory: what the run is and how far it got, folded from its events (RUN-1). */
export interface Manifest {
  readonly format: typeof manifestFormat;
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly fingerprint: string;
  /** SHA-256 of the definition, which is in `workflow.json`. */
  readonly definition: string;
  /** SHA-256 of the canonical JSON of the input. */
  readonly inputHash: string;
  readonly status: RunStatus;
  /** Timestamps of the first and the last event. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** How many lines of `events.jsonl` this manifest is folded from, and the SHA-256 of their bytes. */
  readonly events: { readonly count: number; readonly sha256: string };
  readonly completedSteps: readonly string[];
  readonly failedSteps: readonly string[];
  /** Steps that have started or are ready, and have not ended. */
  readonly pendingSteps: readonly string[];
  /** The newest content of each name. */
  readonly artifacts: readonly ManifestArtifact[];
}

/** An artifact of the run; the step bound its name. */
export interface ManifestArtifact {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly step: string;
}

/** The bytes of a manifest file. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
