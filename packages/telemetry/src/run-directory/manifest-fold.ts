import { createHash } from "node:crypto";
import {
  dataOf,
  type FileData,
  frontierOrdinals,
  hashOf,
  type RecordEvent,
  type RunStartedData,
  type RunStatus,
  type StepSucceededData,
} from "@agentflow/core";
import { blobReference } from "../run-events/referenced-blobs.ts";
import { statusAfter } from "../run-events/status-after.ts";
import { type Manifest, type ManifestArtifact, manifestFormat } from "./manifest.ts";

/** Folds a run's events, in order, into its manifest: the same events give the same bytes. */
export class ManifestFold {
  readonly #hash = createHash("sha256");
  readonly #completed = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #pending = new Set<string>();
  readonly #artifacts = new Map<string, ManifestArtifact>();
  #status: RunStatus = "queued";
  #count = 0;
  #started: RecordEvent | undefined;
  #last: RecordEvent | undefined;

  /** Takes the next events and the bytes of their lines. */
  take(events: readonly RecordEvent[], bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (const event of events) {
      this.#count += 1;
      this.#last = event;
      if (event.type === "run.started") this.#started = event;
      this.#status = statusAfter[event.type] ?? this.#status;
      if (event.step !== undefined) this.#takeStep(event, event.step);
    }
  }

  /** The manifest of the events taken so far, or undefined before `run.started`. */
  manifest(): Manifest | undefined {
    const started = this.#started;
    if (started === undefined || this.#last === undefined) return undefined;
    const { workflow, version, fingerprint, definition, input } = dataOf<RunStartedData>(started);
    return {
      format: manifestFormat,
      runId: started.runId,
      workflow,
      version,
      fingerprint,
      definition,
      inputHash: blobReference(input) ?? hashOf(input),
      status: this.#status,
      startedAt: started.ts,
      updatedAt: this.#last.ts,
      events: { count: this.#count, sha256: this.#hash.copy().digest("hex") },
      completedSteps: [...this.#completed],
      failedSteps: [...this.#failed],
      pendingSteps: [...this.#pending],
      artifacts: [...this.#artifacts.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
  }

  #takeStep(event: RecordEvent, step: string): void {
    switch (event.type) {
      case "step.started":
        this.#pending.add(step);
        break;
      case "step.succeeded":
        this.#pending.delete(step);
        this.#failed.delete(step);
        this.#completed.add(step);
        this.#takeSeal(event);
        break;
      case "step.failed":
        this.#pending.delete(step);
        this.#failed.add(step);
        break;
      case "step.retried":
      case "step.cancelled":
        this.#failed.delete(step);
        this.#pending.add(step);
        break;
      case "file.written":
        this.#bind(event, step);
        break;
    }
  }

  #takeSeal(event: RecordEvent): void {
    const data = dataOf<StepSucceededData>(event);
    if (data.seal === undefined) return;
    for (const [stepId] of frontierOrdinals(data, data.seal)) this.#pending.add(stepId);
  }

  #bind(event: RecordEvent, step: string): void {
    const { path, sha256, sizeBytes, wrote } = dataOf<FileData>(event);
    if (wrote || !this.#artifacts.has(path)) this.#artifacts.set(path, { path, sha256, sizeBytes, step });
  }
}
