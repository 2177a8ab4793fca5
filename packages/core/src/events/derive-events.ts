/**
 * Record events are read off committed rows and stored nowhere else (S6). A row gives, in this order: `step.started` if
 * it opens its step, the events of its journal entries, `file.written` per artifact, and its outcome. The last event of
 * a row carries its stamp, so that rows can be told apart again (rowsFromEvents).
 */
import type { Json, JsonObject } from "../encoding/json.ts";
import { invariant } from "../errors/invariant.ts";
import { formatStepId } from "../identity/step-id.ts";
import type { ModelCall } from "../record/model-call.ts";
import type {
  AttemptRow,
  JournalEntry,
  JournalKind,
  JournalRow,
  MarkRow,
  RecordRow,
  StepDetail,
  StepRow,
} from "../record/rows.ts";
import type { StepPlace } from "./event-data.ts";
import { eventLevels } from "./event-levels.ts";
import type { RecordEvent, RecordEventType } from "./run-event.ts";

/** Which run the rows belong to. */
export interface EventContext {
  readonly runId: string;
}

const entryTypes = {
  io: "io.succeeded",
  tx: "io.succeeded",
  ioError: "io.failed",
  model: "cost.charged",
  now: "clock.read",
  callError: "call.failed",
  interrupt: "interrupt.requested",
  answer: "interrupt.answered",
  refused: "interrupt.refused",
  sleep: "timer.set",
  slept: "timer.ended",
  wait: "wait.started",
  event: "wait.ended",
} as const satisfies Record<JournalKind, RecordEventType>;

/** The record events of one committed row, dense in `seq` from the row's `event`. */
export function eventsOf(record: RecordRow, context: EventContext): RecordEvent[] {
  if (record.kind === "mark") return [markEvent(record.row, context)];
  const builder = new RowEvents(record.row, context);
  if (record.row.opens) builder.add("step.started", record.row.startedAt, {});
  if (record.kind === "step") addStep(builder, record.row);
  else if (record.kind === "journal") addJournal(builder, record.row);
  else addAttempt(builder, record.row);
  return builder.events;
}

/** What a row derives events from; `entries` and `artifacts` are those that commit with it. */
export interface EventSource {
  readonly opens: boolean;
  readonly entries?: readonly JournalEntry[] | undefined;
  readonly artifacts?: readonly unknown[] | undefined;
  /** The step cache was asked. */
  readonly cache?: object | undefined;
}

/** How many record events a step, attempt or journal row gives, known before the row is encoded. */
export function countEvents(kind: "step" | "attempt" | "journal", source: EventSource): number {
  let count = (source.opens ? 1 : 0) + (source.artifacts?.length ?? 0) + (kind === "journal" ? 0 : 1);
  if (source.cache !== undefined) count++;
  for (const entry of source.entries ?? []) count += countEntryEvents(entry);
  return count;
}

function countEntryEvents({ kind, cache }: JournalEntry): number {
  if (kind === "model") return 3;
  return cache === undefined ? 1 : 2;
}

/** How many record events a committed row gives: the length of `eventsOf`, without making them. */
export function eventCount(record: RecordRow): number {
  switch (record.kind) {
    case "mark":
      return 1;
    case "journal":
      return countEvents("journal", { opens: record.row.opens, entries: [record.row.entry] });
    case "attempt":
      return countEvents("attempt", { opens: record.row.opens, entries: entriesOf(record.row.entries) });
    case "step": {
      const { opens, detail } = record.row;
      if (detail === undefined) return opens ? 2 : 1;
      return countEvents("step", { opens, ...(JSON.parse(detail) as StepDetail) });
    }
  }
}

/** Collects the events of one row and numbers them. */
class RowEvents {
  readonly events: RecordEvent[] = [];
  readonly #row: StepRow | JournalRow | AttemptRow;
  readonly #runId: string;
  readonly #place: StepPlace;
  readonly #step: string;

  constructor(row: StepRow | JournalRow | AttemptRow, context: EventContext) {
    const { scope, superstep, ordinal, node, item } = row;
    this.#row = row;
    this.#runId = context.runId;
    this.#place = { scope, superstep, ordinal, node, item };
    this.#step = formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
  }

  add(type: RecordEventType, at: number, data: object): void {
    this.events.push({
      ts: new Date(at).toISOString(),
      seq: this.#row.event + this.events.length,
      epoch: this.#row.epoch,
      level: eventLevels[type],
      runId: this.#runId,
      type,
      step: this.#step,
      data: { ...this.#place, ...data } as JsonObject,
    });
  }

  addEntry(entry: JournalEntry, stamp: object): void {
    const { kind, value, cache, ...rest } = entry;
    if (cache !== undefined) {
      const { index, name, inputHash } = entry;
      this.add(cache === "hit" ? "cache.hit" : "cache.miss", entry.at, { index, name, inputHash });
    }
    if (kind === "model") this.#addModelCall(entry);
    this.add(entryTypes[kind], entry.at, {
      ...rest,
      ...(kind === "tx" ? { tx: true } : {}),
      ...(cache === undefined ? {} : { cache }),
      value: entry.ref === true ? value : (JSON.parse(value) as Json),
      ...stamp,
    });
  }

  /** The entry itself is `cost.charged`, the last of the three: it carries the row's stamp where it has one. */
  #addModelCall({ name, index, value, at }: JournalEntry): void {
    const call = JSON.parse(value) as ModelCall;
    const { provider, model, outcome, latencyMs, firstTokenMs, inputTokens, cachedTokens, outputTokens } =
      call;
    const about = { name, index, provider, model };
    this.add("llm.request", at - latencyMs, about);
    this.add("llm.response", at, {
      ...about,
      outcome,
      latencyMs,
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      inputTokens,
      cachedTokens,
      outputTokens,
      costNanos: call.costNanos,
    });
  }
}

function addStep(builder: RowEvents, row: StepRow): void {
  const detail = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
  const { entries = [], artifacts = [], ...rest } = detail;
  const endedAt = row.startedAt + row.durationMs;
  if (detail.cache !== undefined) {
    const { answer, key } = detail.cache;
    builder.add(answer === "hit" ? "cache.hit" : "cache.miss", row.startedAt, {
      name: row.node,
      inputHash: key,
    });
  }
  for (const entry of entries) builder.addEntry(entry, {});
  for (const artifact of artifacts) {
    builder.add("file.written", endedAt, { ...artifact, wrote: artifact.reason !== "nochange" });
  }
  const { origin, edge, attempt, startedAt, durationMs, seq, event } = row;
  builder.add("step.succeeded", endedAt, {
    origin,
    edge,
    attempt,
    startedAt,
    durationMs,
    delta: JSON.parse(row.delta),
    ...rest,
    ...(row.seal === undefined ? {} : { seal: JSON.parse(row.seal) }),
    seq,
    event,
  });
}

function addJournal(builder: RowEvents, row: JournalRow): void {
  builder.addEntry(row.entry, { startedAt: row.startedAt, seq: row.seq, event: row.event });
}

function addAttempt(builder: RowEvents, row: AttemptRow): void {
  for (const entry of entriesOf(row.entries)) builder.addEntry(entry, {});
  const { attempt, round, startedAt, durationMs, seq, event, nextAt } = row;
  builder.add(attemptType(row), startedAt + durationMs, {
    attempt,
    round,
    startedAt,
    durationMs,
    failure: JSON.parse(row.failure),
    ...(nextAt === undefined ? {} : { nextAt }),
    seq,
    event,
  });
}

function attemptType(row: AttemptRow): RecordEventType {
  if (row.outcome === "cancelled") return "step.cancelled";
  return row.nextAt === undefined ? "step.failed" : "step.retried";
}

function entriesOf(text: string | undefined): readonly JournalEntry[] {
  return text === undefined ? [] : (JSON.parse(text) as JournalEntry[]);
}

const markFields = ["state", "refs", "seq", "at"] as const;

function markEvent(row: MarkRow, context: EventContext): RecordEvent {
  const data = row.data === undefined ? {} : (JSON.parse(row.data) as JsonObject);
  for (const field of markFields) {
    invariant(
      !Object.hasOwn(data, field),
      `the data of a ${row.type} mark has a field of its own named ${field}`,
    );
  }
  return {
    ts: new Date(row.at).toISOString(),
    seq: row.event,
    epoch: row.epoch,
    level: eventLevels[row.type],
    runId: context.runId,
    type: row.type,
    data: {
      ...data,
      ...(row.state === undefined ? {} : { state: JSON.parse(row.state) }),
      ...(row.refs === undefined ? {} : { refs: JSON.parse(row.refs) }),
      seq: row.seq,
      at: row.at,
    },
  };
}
