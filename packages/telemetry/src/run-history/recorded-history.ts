import {
  type ArtifactStore,
  canonicalJson,
  dataOf,
  type FileData,
  type Json,
  type JsonObject,
  RunImportError,
  RunNotFoundError,
  type RunStore,
  sha256Hex,
} from "@agentflow/core";
import { eventLine, readEventLines } from "../jsonl/event-lines.ts";
import { startOf, type ToldRun } from "../run-events/rebuilt-commit.ts";
import { referencedBlobs } from "../run-events/referenced-blobs.ts";
import { storedEvents } from "../run-events/stored-events.ts";

const historyFormat = 1;

/**
 * A run in one text, to be kept for years and replayed by later versions: its record events as `events.jsonl` has them,
 * and before them, one a line, what they refer to by SHA-256. It knows nothing of tables.
 */
export interface RecordedHistory extends ToldRun {
  /** What whoever recorded it says of it. */
  readonly about: JsonObject;
  /** Contents of the artifacts that its steps wrote. */
  readonly artifacts: readonly Uint8Array[];
}

/** Where a stored run is. */
export interface StoredRun {
  readonly store: Pick<RunStore, "readHead" | "readRecords" | "readBlobs" | "readDefinition">;
  readonly artifacts: ArtifactStore;
  readonly tenant: string;
  readonly runId: string;
}

/** Reads a stored run whole. Throws RunNotFoundError, and ArtifactNotFoundError for contents that are gone. */
export async function readRecordedHistory(run: StoredRun, about: JsonObject): Promise<RecordedHistory> {
  const { store, artifacts, tenant, runId } = run;
  const head = await store.readHead(tenant, runId);
  const definition = head && (await store.readDefinition(tenant, head.fingerprint));
  if (definition === undefined)
    throw new RunNotFoundError(`There is no run ${runId}.`, { context: { runId } });
  const pages = await Array.fromAsync(storedEvents(store, tenant)(runId, 0));
  const events = pages.flat();
  const blobs = await store.readBlobs(tenant, runId, [...new Set(events.flatMap(referencedBlobs))].sort());
  const written = events.filter(({ type }) => type === "file.written");
  const contents = new Set(written.map((event) => dataOf<FileData>(event).sha256));
  return {
    about,
    events,
    definition,
    blobs: [...blobs].map(([hash, json]) => ({ hash, json })),
    artifacts: await Promise.all([...contents].sort().map((sha256) => artifacts.get(tenant, sha256))),
  };
}

interface Header {
  readonly format: typeof historyFormat;
  /** How many lines stand between this one and the events. */
  readonly parts: number;
  /** SHA-256 of the lines after this one. */
  readonly sha256: string;
  readonly about: JsonObject;
}

/** The text of a history: lines of JSON, each ended. The same run gives the same text. */
export function formatHistory({ about, definition, blobs, artifacts, events }: RecordedHistory): string {
  const parts = [
    `{"definition":${definition}}\n`,
    ...blobs.map(({ json }) => `{"blob":${json}}\n`),
    ...artifacts.map((bytes) => `{"artifact":"${Buffer.from(bytes).toString("base64")}"}\n`),
  ];
  const rest = [...parts, ...events.map(eventLine)].join("");
  const header = { about, format: historyFormat, parts: parts.length, sha256: sha256Hex(rest) };
  return `${canonicalJson(header)}\n${rest}`;
}

/** Reads the text of a history. Throws RunImportError that says what of it is torn, changed or missing. */
export function parseHistory(text: string): RecordedHistory {
  const [first = "", ...lines] = text.split(/(?<=\n)/);
  const { about, parts: count } = headerOf(first, lines.join(""));
  const parts = lines.slice(0, count).map((line, index) => objectOf(line, index + 2));
  const { events, damage } = readEventLines(Buffer.from(lines.slice(count).join("")));
  if (damage !== undefined) refuse(`Line ${damage.line + count + 1} is broken: ${damage.problem}`);
  const history = { about, events, ...contentsOf(parts) };
  if (sha256Hex(history.definition) !== startOf(events).definition) {
    refuse("The definition is not the one that the events name");
  }
  const known = new Set(history.blobs.map(({ hash }) => hash));
  const missing = events.flatMap(referencedBlobs).find((hash) => !known.has(hash));
  if (missing !== undefined) refuse(`The value ${missing} is missing`);
  return history;
}

function contentsOf(
  parts: readonly JsonObject[],
): Pick<RecordedHistory, "definition" | "blobs" | "artifacts"> {
  const found = (name: string) => parts.flatMap((part) => (name in part ? [part[name] as Json] : []));
  return {
    // The order of its members is that of the text it was made from; of blobs it is the canonical one.
    definition: JSON.stringify(found("definition")[0] ?? null),
    blobs: found("blob")
      .map(canonicalJson)
      .map((json) => ({ hash: sha256Hex(json), json })),
    artifacts: found("artifact").map((base64) => Buffer.from(String(base64), "base64")),
  };
}

function headerOf(line: string, rest: string): Header {
  const { format, sha256, parts, about } = objectOf(line, 1) as unknown as Partial<Header>;
  if (format !== historyFormat)
    refuse(`It has format ${JSON.stringify(format ?? null)}, not ${historyFormat}`);
  if (sha256 === undefined || sha256Hex(rest) !== sha256) {
    refuse("Its lines are not those that were recorded: their SHA-256 differs");
  }
  return { format, sha256, parts: parts ?? 0, about: about ?? {} };
}

function objectOf(line: string, number: number): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch (error) {
    return refuse(`Line ${number} is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  return refuse(`Line ${number} is no object`);
}

function refuse(reason: string): never {
  throw new RunImportError(`${reason}.`);
}
