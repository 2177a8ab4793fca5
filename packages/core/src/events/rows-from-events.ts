import { canonicalJson } from "../encoding/canonical-json.ts";
import type { Json, JsonObject } from "../encoding/json.ts";
import { RunImportError } from "../errors/run-errors.ts";
import type {
  ArtifactBinding,
  JournalEntry,
  JournalKind,
  MarkType,
  Position,
  RecordRow,
} from "../record/rows.ts";
import {
  type AttemptData,
  dataOf,
  type EntryData,
  type FileData,
  type JournalRowData,
  type RowStamp,
  type StepSucceededData,
} from "./event-data.ts";
import type { RecordEvent, RecordEventType } from "./run-event.ts";

const entryKinds: Partial<Record<RecordEventType, JournalKind>> = {
  "io.succeeded": "io",
  "io.failed": "ioError",
  "clock.read": "now",
  "call.failed": "callError",
  "cost.charged": "model",
  "interrupt.requested": "interrupt",
  "interrupt.answered": "answer",
  "interrupt.refused": "refused",
  "timer.set": "sleep",
  "timer.ended": "slept",
  "wait.started": "wait",
  "wait.ended": "event",
};

/** True if a row ends with this event, so that a cut behind it leaves only whole rows. */
export function endsRow(event: RecordEvent): boolean {
  return event.type.startsWith("run.") || dataOf<Partial<RowStamp>>(event).event !== undefined;
}

/**
 * The rows that gave these events: the inverse of `eventsOf`, up to empty parts of a step's detail, which no row holds.
 * Throws RunImportError if `seq` is not dense or a row is cut.
 */
export function rowsFromEvents(events: readonly RecordEvent[]): RecordRow[] {
  const rows: RecordRow[] = [];
  let group: RecordEvent[] = [];
  let expected = events[0]?.seq ?? 0;
  for (const event of events) {
    if (event.seq !== expected) {
      throw new RunImportError(`Event ${expected} is missing: the next one is ${event.seq}.`);
    }
    expected += 1;
    group.push(event);
    if (!endsRow(event)) continue;
    rows.push(rowOf(group, event));
    group = [];
  }
  const open = group[0];
  if (open !== undefined) {
    throw new RunImportError(`The events end inside a row: nothing ends the one that starts at ${open.seq}.`);
  }
  return rows;
}

function rowOf(group: readonly RecordEvent[], last: RecordEvent): RecordRow {
  if (last.type.startsWith("run.")) return markRecord(last, last.type as MarkType);
  const { event, seq } = dataOf<RowStamp>(last);
  const first = group[0] as RecordEvent;
  if (first.seq !== event) {
    throw new RunImportError(`Event ${last.seq} says that its row starts at ${event}, which is not so.`);
  }
  const stamp = { seq, epoch: last.epoch, event, opens: first.type === "step.started" };
  const kind = entryKinds[last.type];
  if (kind !== undefined) return journalRecord(last, stamp);
  return last.type === "step.succeeded" ? stepRecord(group, last, stamp) : attemptRecord(group, last, stamp);
}

interface Stamp extends RowStamp {
  readonly epoch: number;
  readonly opens: boolean;
}

function placeOf({ scope, superstep, ordinal }: Position): Position {
  return { scope, superstep, ordinal };
}

function stepRecord(group: readonly RecordEvent[], last: RecordEvent, stamp: Stamp): RecordRow {
  const data = dataOf<StepSucceededData>(last);
  const { node, item, origin, edge, attempt, startedAt, durationMs, delta, seal } = data;
  const { goto, refs, recovered, inherited, cache, call, compensates } = data;
  const entries = group.filter((event) => entryKinds[event.type] !== undefined).map(entryOf);
  const artifacts = group.filter((event) => event.type === "file.written").map(artifactOf);
  const detail = present({
    goto,
    refs,
    recovered,
    inherited,
    cache,
    call,
    compensates,
    entries: entries.length === 0 ? undefined : entries,
    artifacts: artifacts.length === 0 ? undefined : artifacts,
  });
  return {
    kind: "step",
    row: {
      ...placeOf(data),
      ...stamp,
      node,
      item,
      origin,
      edge,
      attempt,
      startedAt,
      durationMs,
      delta: canonicalJson(delta),
      detail: Object.keys(detail).length === 0 ? undefined : canonicalJson(detail),
      seal: seal === undefined ? undefined : canonicalJson(seal as unknown as Json),
    },
  };
}

function journalRecord(last: RecordEvent, stamp: Stamp): RecordRow {
  const data = dataOf<JournalRowData>(last);
  const { node, item, startedAt } = data;
  return {
    kind: "journal",
    row: { ...placeOf(data), ...stamp, node, item, startedAt, entry: entryOf(last) },
  };
}

function attemptRecord(group: readonly RecordEvent[], last: RecordEvent, stamp: Stamp): RecordRow {
  const data = dataOf<AttemptData>(last);
  const { node, item, attempt, round, startedAt, durationMs } = data;
  const entries = group.filter((event) => entryKinds[event.type] !== undefined).map(entryOf);
  return {
    kind: "attempt",
    row: {
      ...placeOf(data),
      ...stamp,
      node,
      item,
      attempt,
      round,
      outcome: last.type === "step.cancelled" ? "cancelled" : "failed",
      failure: canonicalJson(data.failure),
      nextAt: data.nextAt,
      entries: entries.length === 0 ? undefined : canonicalJson(entries as unknown as Json),
      startedAt,
      durationMs,
    },
  };
}

function markRecord(event: RecordEvent, type: MarkType): RecordRow {
  const { seq, at, state, refs, ...data } = event.data as JsonObject;
  return {
    kind: "mark",
    row: {
      type,
      seq: seq as number,
      epoch: event.epoch,
      event: event.seq,
      at: at as number,
      data: Object.keys(data).length === 0 ? undefined : canonicalJson(data),
      state: state === undefined ? undefined : canonicalJson(state),
      refs: refs === undefined ? undefined : canonicalJson(refs),
    },
  };
}

function entryOf(event: RecordEvent): JournalEntry {
  const { index, name, inputHash, nth, attempt, value, ref, at, durationMs, effect, cache, inbox, tx } =
    dataOf<EntryData>(event);
  return {
    index,
    kind: tx === true ? "tx" : (entryKinds[event.type] as JournalKind),
    name,
    inputHash,
    nth,
    attempt,
    value: ref === true ? (value as string) : canonicalJson(value),
    at,
    durationMs,
    ...(ref === undefined ? {} : { ref }),
    ...(effect === undefined ? {} : { effect }),
    ...(cache === undefined ? {} : { cache }),
    ...(inbox === undefined ? {} : { inbox }),
  };
}

function artifactOf(event: RecordEvent): ArtifactBinding {
  const { path, sha256, sizeBytes, reason } = dataOf<FileData>(event);
  return { path, sha256, sizeBytes, reason };
}

function present(parts: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as JsonObject;
}
