import { mkdir, stat } from "node:fs/promises";
import {
  type ArtifactStore,
  dataOf,
  eventProblem,
  type FileData,
  InvariantError,
  type RecordEvent,
  type RunStartedData,
  type RunStore,
  redactEvent,
} from "@agentflow/core";
import { EventWriter } from "../jsonl/event-writer.ts";
import { ifThere } from "../run-events/if-there.ts";
import { referencedBlobs } from "../run-events/referenced-blobs.ts";
import { storedEvents } from "../run-events/stored-events.ts";
import { formatManifest } from "./manifest.ts";
import { ManifestFold } from "./manifest-fold.ts";
import { projectArtifact } from "./project-artifact.ts";
import { blobFile, type RunDirectoryLayout } from "./run-directory-layout.ts";
import { writeAtomically } from "./write-atomically.ts";

/** What a run directory is projected from. */
export interface ProjectionSource {
  readonly store: Pick<RunStore, "readRecords" | "readBlobs" | "readDefinition">;
  /** Contents of artifacts; without it, `artifacts/` stays empty. */
  readonly artifacts?: ArtifactStore | undefined;
  readonly tenant: string;
  /** Data fields whose values are taken out, such as `delta`; blobs are then left out too (RUN-10). */
  readonly redact?: readonly string[] | undefined;
}

/**
 * Writes the directory of one run from its events.
 *
 * 1. What an event refers to (definition, blobs, artifacts) is written before its line.
 * 2. The files are a pure function of the store's rows and contents: whatever is lost is made again.
 * 3. An artifact that cannot be written is reported, and holds up neither events nor manifest.
 */
export class RunProjection {
  readonly #source: ProjectionSource;
  readonly #runId: string;
  readonly #layout: RunDirectoryLayout;
  readonly #writer: EventWriter;
  readonly #blobs = new Set<string>();
  readonly #problems: unknown[] = [];
  #fold = new ManifestFold();
  #statusChanged = false;
  #isDirty = false;

  constructor(source: ProjectionSource, runId: string, layout: RunDirectoryLayout) {
    this.#source = source;
    this.#runId = runId;
    this.#layout = layout;
    const read = storedEvents(source.store, source.tenant);
    const shown = (events: readonly RecordEvent[]) => this.#shown(events);
    this.#writer = new EventWriter({
      path: layout.events,
      readEvents: async function* (id, afterSeq) {
        for await (const page of read(id, afterSeq)) yield shown(page);
      },
      onOpened: (events, bytes) => this.#opened(events, bytes),
      beforeWrite: (events) => this.#prepare(events),
      onWritten: (events, bytes) => this.#written(events, bytes),
    });
  }

  /** True if the manifest on the disk may tell less than the events do. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** True if the run's status has changed since the manifest was written. */
  get statusChanged(): boolean {
    return this.#statusChanged;
  }

  /** Checks and writes events and what they refer to. */
  async write(events: readonly RecordEvent[]): Promise<void> {
    for (const event of events) {
      const problem = eventProblem(event);
      if (problem !== undefined) this.#problems.push(invalidEvent(event, problem));
    }
    await this.#writer.write(this.#shown(events));
  }

  /** Throws what an artifact or the check of an event met since the last call, if anything. */
  reportProblems(): void {
    const [problem] = this.#problems.splice(0);
    if (problem !== undefined) throw problem;
  }

  /** Writes the manifest of the events so far. */
  async writeManifest(): Promise<void> {
    const manifest = this.#fold.manifest();
    this.#isDirty = false;
    this.#statusChanged = false;
    if (manifest === undefined) return;
    try {
      await writeAtomically(this.#layout.manifest, formatManifest(manifest));
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }

  #shown(events: readonly RecordEvent[]): readonly RecordEvent[] {
    const { redact = [] } = this.#source;
    return redact.length === 0 ? events : events.map((event) => redactEvent(event, redact));
  }

  #opened(events: readonly RecordEvent[], bytes: Uint8Array): void {
    this.#fold = new ManifestFold();
    this.#written(events, bytes);
    // The manifest on the disk may be older than the events, or gone.
    this.#isDirty = true;
    this.#statusChanged = true;
  }

  #written(events: readonly RecordEvent[], bytes: Uint8Array): void {
    this.#fold.take(events, bytes);
    this.#isDirty = true;
    if (events.some((event) => event.type.startsWith("run."))) this.#statusChanged = true;
  }

  async #prepare(events: readonly RecordEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === "run.started") await this.#writeDefinition(event);
      if (event.type === "file.written") await this.#writeArtifact(event);
    }
    if ((this.#source.redact ?? []).length === 0) await this.#writeBlobs(events.flatMap(referencedBlobs));
  }

  async #writeDefinition(event: RecordEvent): Promise<void> {
    const { store, tenant } = this.#source;
    const definition = await store.readDefinition(tenant, dataOf<RunStartedData>(event).fingerprint);
    if (definition !== undefined) await writeAtomically(this.#layout.definition, definition);
  }

  async #writeArtifact(event: RecordEvent): Promise<void> {
    const { artifacts, tenant } = this.#source;
    if (artifacts === undefined) return;
    const { path, sha256 } = dataOf<FileData>(event);
    try {
      const bytes = () => artifacts.get(tenant, sha256);
      await projectArtifact(this.#layout.artifacts, { path, sha256, bytes });
    } catch (error) {
      this.#problems.push(error);
    }
  }

  async #writeBlobs(hashes: readonly string[]): Promise<void> {
    const { store, tenant } = this.#source;
    const wanted = [...new Set(hashes)].filter((hash) => !this.#blobs.has(hash));
    if (wanted.length === 0) return;
    await mkdir(this.#layout.blobs, { recursive: true });
    const missing: string[] = [];
    for (const hash of wanted) {
      const file = blobFile(this.#layout.blobs, hash);
      if ((await ifThere(stat(file))) === undefined) missing.push(hash);
    }
    const blobs = missing.length === 0 ? new Map() : await store.readBlobs(tenant, this.#runId, missing);
    for (const [hash, json] of blobs) await writeAtomically(blobFile(this.#layout.blobs, hash), json);
    for (const hash of wanted) this.#blobs.add(hash);
  }
}

function invalidEvent({ runId, seq }: RecordEvent, problem: string): InvariantError {
  return new InvariantError(`Event ${seq} of run ${runId}: ${problem}.`, { context: { runId, seq } });
}
