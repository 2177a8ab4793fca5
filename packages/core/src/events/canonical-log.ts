/**
 * The canonical log: what a run did, in the one order that does not depend on when it happened (S6, I5). Two runs of the
 * same workflow, input and seed have the same bytes here, whatever their interleavings, crashes and owners.
 *
 * Order. An event sorts by the path of its step from the root: superstep and ordinal of each enclosing nested-workflow
 * step, then of the step itself. Within a step: start, journal entries by attempt and call, artifacts, the steps inside it,
 * failed attempts by round and number, outcome; so a parent ends after its children (S3). The order in which the calls of
 * a step started is left out: calls in parallel have none that replays. The ordinal of an enclosing step that
 * has no event yet is its place in the frontier that the seal before its superstep lists; the entry of a scope has no
 * such seal and is the only step of its superstep. `run.started` comes first; the ends of the run come last.
 *
 * Left out: timestamps and due times, durations, seq, epoch, run ids, labels, durability, limits, stacks, what a cache did, what
 * calls of models took and cost, the number under which an answer or an event arrived, and what tells when a process could not go on (waiting, paused,
 * parked, resumed, recovered), or took note that a sleep was over, rather than what the run did. A seal is written by
 * whichever step ended last; it is shown with the last step of its superstep.
 */
import { canonicalJson } from "../encoding/canonical-json.ts";
import type { Json, JsonObject } from "../encoding/json.ts";
import { type Failure, isFailure, withoutStack } from "../errors/failure.ts";
import { parseStepId } from "../identity/step-id.ts";
import type { Position, Seal } from "../record/rows.ts";
import { dataOf, type EntryData, type StepPlace, type StepSucceededData } from "./event-data.ts";
import { frontierOrdinals } from "./frontier-ordinals.ts";
import type { RecordEvent, RecordEventType } from "./run-event.ts";

/** The canonical log of a run's record events, in any order: one canonical JSON object per line (S6). */
export function canonicalLog(events: readonly RecordEvent[]): string {
  const structure = structureOf(events);
  const lines = events
    .filter((event) => !processTypes.has(event.type))
    .map((event) => ({ key: sortKey(event, structure), line: lineOf(event, structure) }));
  lines.sort((a, b) => compareKeys(a.key, b.key) || (a.line < b.line ? -1 : 1));
  return lines.map(({ line }) => `${line}\n`).join("");
}

const processTypes: ReadonlySet<RecordEventType> = new Set<RecordEventType>([
  "run.waiting",
  "run.paused",
  "run.parked",
  "run.resumed",
  "run.recovered",
  "cache.hit",
  "cache.miss",
  "timer.ended",
  "llm.request",
  "llm.response",
  "cost.charged",
]);

const droppedFields: ReadonlySet<string> = new Set([
  "from",
  "fromSeq",
  "seq",
  "event",
  "at",
  "startedAt",
  "durationMs",
  "nextAt",
  "cache",
  "seal",
  "labels",
  "durability",
  "limits",
  "index",
  "inbox",
]);

/** What must be known about the whole run before one event can be placed. */
interface Structure {
  /** Ordinal by step id, from the steps' own events and from the frontiers. */
  readonly ordinals: Map<string, number>;
  /** Seal, and highest ordinal, by superstep (see superstepKey). */
  readonly seals: Map<string, Seal>;
  readonly lastOrdinals: Map<string, number>;
}

function structureOf(events: readonly RecordEvent[]): Structure {
  const structure: Structure = { ordinals: new Map(), seals: new Map(), lastOrdinals: new Map() };
  for (const event of events) {
    if (event.step === undefined) continue;
    const place = dataOf<StepPlace>(event);
    const key = superstepKey(place);
    structure.ordinals.set(event.step, place.ordinal);
    structure.lastOrdinals.set(key, Math.max(structure.lastOrdinals.get(key) ?? 0, place.ordinal));
    const { seal } = dataOf<StepSucceededData>(event);
    if (seal === undefined) continue;
    structure.seals.set(key, seal);
    for (const [stepId, ordinal] of frontierOrdinals(place, seal)) structure.ordinals.set(stepId, ordinal);
  }
  return structure;
}

function superstepKey({ scope, superstep }: Position): string {
  return `${scope}/${superstep}`;
}

const phases = { started: 0, entry: 1, artifact: 2, inside: 3, attempt: 4, outcome: 5 } as const;

/**
 * Numbers that compare element by element; every step on the path gives superstep, ordinal and a phase. No key is the
 * beginning of another one: which numbers follow is decided by the phase.
 */
function sortKey(event: RecordEvent, structure: Structure): number[] {
  if (event.step === undefined) return event.type === "run.started" ? [-1] : [Infinity, event.seq];
  const { scope, superstep, ordinal } = dataOf<StepPlace>(event);
  return [...scopePath(scope, structure), superstep, ordinal, ...phaseOf(event)];
}

function scopePath(scope: string, structure: Structure): number[] {
  if (scope === "") return [];
  const parent = parseStepId(scope);
  const ordinal = structure.ordinals.get(scope) ?? 0;
  return [...scopePath(parent.scope, structure), parent.superstep, ordinal, phases.inside];
}

function phaseOf(event: RecordEvent): number[] {
  switch (event.type) {
    case "step.started":
      return [phases.started];
    case "step.succeeded":
      return [phases.outcome];
    case "step.retried":
    case "step.failed":
    case "step.cancelled": {
      const { round, attempt } = dataOf<{ round: number; attempt: number }>(event);
      return [phases.attempt, round, attempt];
    }
    case "file.written":
      return [phases.artifact, event.seq];
    default:
      return [phases.entry, dataOf<EntryData>(event).attempt];
  }
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] as number;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function lineOf(event: RecordEvent, structure: Structure): string {
  const data: Record<string, Json> = {};
  for (const [field, value] of Object.entries(event.data ?? {})) {
    if (!droppedFields.has(field) && !isDueTime(event, field))
      data[field] = withoutStacks(arrivedTypes.has(event.type) ? withoutArrival(value) : value);
  }
  const { level, type, step } = event;
  const seal = type === "step.succeeded" ? sealShownWith(event, structure) : undefined;
  if (seal !== undefined) data["seal"] = seal as unknown as Json;
  return canonicalJson(step === undefined ? { level, type, data } : { level, type, step, data });
}

const arrivedTypes: ReadonlySet<RecordEventType> = new Set<RecordEventType>([
  "interrupt.answered",
  "wait.ended",
]);

function isDueTime(event: RecordEvent, field: string): boolean {
  return event.type === "timer.set" && field === "value";
}

/** What arrived from outside, without its place among all that arrived (S13). */
function withoutArrival(value: Json): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { inbox: _inbox, ...rest } = value as JsonObject;
  return rest;
}

function withoutStacks(value: Json): Json {
  return isFailure(value) ? (withoutStack(value as Failure) as unknown as Json) : value;
}

function sealShownWith(event: RecordEvent, structure: Structure): Seal | undefined {
  const place = dataOf<StepPlace>(event);
  const key = superstepKey(place);
  return structure.lastOrdinals.get(key) === place.ordinal ? structure.seals.get(key) : undefined;
}
