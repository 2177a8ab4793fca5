import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type BlobRow,
  checkArtifactPath,
  type JsonObject,
  type RecordEvent,
  RunImportError,
  rowsFromEvents,
  sha256Hex,
} from "@agentflow/core";
import { type EventLines, readEventLines } from "../jsonl/event-lines.ts";
import { ifThere } from "../run-events/if-there.ts";
import { startOf, type ToldRun } from "../run-events/rebuilt-commit.ts";
import { referencedBlobs } from "../run-events/referenced-blobs.ts";
import type { Manifest } from "./manifest.ts";
import { ManifestFold } from "./manifest-fold.ts";
import { readManifest } from "./read-manifest.ts";
import { blobFile, type RunDirectoryLayout, runDirectoryLayout } from "./run-directory-layout.ts";

/** A run as its directory tells it, checked against every hash in it. */
export interface ReadRunDirectory extends ToldRun {
  readonly manifest: Manifest;
  readonly artifacts: readonly Uint8Array[];
}

/**
 * Reads a run directory whole. Throws RunImportError with the reason if events are missing, broken, redacted or not
 * those that the manifest tells of, or if a file has another hash than the events say.
 */
export async function readRunDirectory(directory: string): Promise<ReadRunDirectory> {
  const layout = runDirectoryLayout(directory);
  const manifest = await readManifest(layout.manifest);
  const bytes = await ifThere(readFile(layout.events));
  if (bytes === undefined) refuse(`There is no ${layout.events}`, { path: layout.events });
  const lines = readEventLines(bytes);
  checkLines(lines, layout);
  checkManifest(manifest, lines, bytes);
  const events = wholeCommits(lines);
  const started = startOf(events);
  const definition = await readChecked(layout.definition, started.definition);
  const fold = new ManifestFold();
  fold.take(events, new Uint8Array());
  return {
    events,
    manifest: fold.manifest() ?? manifest,
    definition: definition.toString("utf8"),
    blobs: await readBlobs(layout, events),
    artifacts: await readArtifacts(layout, fold.manifest() ?? manifest),
  };
}

function checkLines({ events, damage }: EventLines, layout: RunDirectoryLayout): void {
  if (damage?.kind === "broken") {
    refuse(`Line ${damage.line} of ${layout.events} is broken: ${damage.problem}`, { line: damage.line });
  }
  const redacted = events.find((event) => event.data?.["redacted"] !== undefined);
  if (redacted !== undefined) {
    const fields = redacted.data?.["redacted"] as readonly string[];
    refuse(`Event ${redacted.seq} was redacted (${fields.join(", ")}), so the run cannot be rebuilt`, {
      seq: redacted.seq,
    });
  }
}

function checkManifest(manifest: Manifest, { events }: EventLines, bytes: Buffer): void {
  const { count, sha256 } = manifest.events;
  const runId = events[0]?.runId;
  if (runId !== undefined && runId !== manifest.runId) {
    refuse(`The manifest is of run ${manifest.runId}, the events are of run ${runId}`, { runId });
  }
  if (events.length < count) {
    refuse(`The manifest tells of ${count} events, of which the last ${count - events.length} are missing`, {
      expected: count,
      found: events.length,
    });
  }
  let end = 0;
  for (let line = 0; line < count; line++) end = bytes.indexOf(0x0a, end) + 1;
  if (sha256Hex(bytes.subarray(0, end)) !== sha256) {
    refuse("The events are not those that the manifest was made from: their SHA-256 differs", { sha256 });
  }
}

/** Without the last commit where the file is torn: some of its rows may be among what is lost. */
function wholeCommits({ events, damage }: EventLines): readonly RecordEvent[] {
  if (damage === undefined) return events;
  const rows = rowsFromEvents(events);
  const last = rows.at(-1)?.row.seq;
  const first = rows.find((record) => record.row.seq === last)?.row.event ?? 0;
  return events.filter((event) => event.seq < first);
}

async function readChecked(path: string, sha256: string): Promise<Buffer> {
  const bytes = await ifThere(readFile(path));
  if (bytes === undefined) refuse(`There is no ${path}`, { path });
  if (sha256Hex(bytes) !== sha256)
    refuse(`${path} has another SHA-256 than the events say`, { path, sha256 });
  return bytes;
}

async function readBlobs(layout: RunDirectoryLayout, events: readonly RecordEvent[]): Promise<BlobRow[]> {
  const blobs: BlobRow[] = [];
  for (const hash of new Set(events.flatMap(referencedBlobs))) {
    const bytes = await readChecked(blobFile(layout.blobs, hash), hash);
    blobs.push({ hash, json: bytes.toString("utf8") });
  }
  return blobs;
}

async function readArtifacts(layout: RunDirectoryLayout, manifest: Manifest): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  for (const { path, sha256 } of manifest.artifacts) {
    contents.push(await readChecked(join(layout.artifacts, checkArtifactPath(path)), sha256));
  }
  return contents;
}

function refuse(reason: string, context: JsonObject): never {
  throw new RunImportError(`${reason}.`, { context });
}
