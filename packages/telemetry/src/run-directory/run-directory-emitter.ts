import { join } from "node:path";
import { type Emitter, runDirectoryName } from "@agentflow/core";
import { BoundedMap } from "../run-events/bounded-map.ts";
import { RunQueues } from "../run-events/run-queues.ts";
import { runDirectoryLayout } from "./run-directory-layout.ts";
import { type ProjectionSource, RunProjection } from "./run-projection.ts";

/** Options of a run directory emitter. */
export interface RunDirectoryOptions extends ProjectionSource {
  /** Folder of the run directories; a run's own is named by `runDirectoryName`. */
  readonly runsDirectory: string;
  /** How often the manifest of a going run is written at most; a change of status always writes it. Default: 1,000. */
  readonly manifestIntervalMs?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic?: () => number;
}

const openRunsMax = 256;

/** Writes a directory per run: events, artifacts and manifest, as a projection of the store (RUN-1). */
export function runDirectoryEmitter(options: RunDirectoryOptions): Emitter {
  return new RunDirectoryEmitter(options);
}

interface OpenRun {
  readonly projection: RunProjection;
  manifestAt: number;
}

class RunDirectoryEmitter implements Emitter {
  readonly name = "run-directory";
  readonly #options: RunDirectoryOptions;
  readonly #intervalMs: number;
  readonly #monotonic: () => number;
  readonly #runs = new BoundedMap<string, OpenRun>(openRunsMax);
  readonly #dirty = new Set<OpenRun>();
  readonly #queues: RunQueues;

  constructor(options: RunDirectoryOptions) {
    this.#options = options;
    this.#intervalMs = options.manifestIntervalMs ?? 1_000;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#queues = new RunQueues(async (runId, events) => {
      const run = this.#runs.getOr(runId, () => this.#openRun(runId));
      try {
        await run.projection.write(events);
      } finally {
        await this.#writeManifest(run);
      }
      run.projection.reportProblems();
    });
  }

  emit(events: Parameters<Emitter["emit"]>[0]): Promise<void> {
    return this.#queues.add(events);
  }

  async flush(): Promise<void> {
    await this.#queues.flush();
    for (const run of this.#dirty) await run.projection.writeManifest();
    this.#dirty.clear();
  }

  close(): Promise<void> {
    return this.flush();
  }

  #openRun(runId: string): OpenRun {
    const layout = runDirectoryLayout(join(this.#options.runsDirectory, runDirectoryName(runId)));
    return { projection: new RunProjection(this.#options, runId, layout), manifestAt: -Infinity };
  }

  async #writeManifest(run: OpenRun): Promise<void> {
    const now = this.#monotonic();
    const isDue = run.projection.statusChanged || now - run.manifestAt >= this.#intervalMs;
    if (run.projection.isDirty && !isDue) {
      this.#dirty.add(run);
      return;
    }
    this.#dirty.delete(run);
    if (!run.projection.isDirty) return;
    run.manifestAt = now;
    await run.projection.writeManifest();
  }
}
