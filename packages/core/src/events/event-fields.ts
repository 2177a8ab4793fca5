/**
 * What the data of each type of record event holds: the one table behind the check on emit, the published JSON Schema
 * and the event manual (RUN-2).
 */
import type { RecordEventType } from "./run-event.ts";

/** The values a field may take. */
export type EventFieldKind =
  | "text"
  | "hash"
  | "count"
  | "index"
  | "time"
  | "boolean"
  | "json"
  | "object"
  | "texts"
  | "textMap"
  | "cacheAnswer"
  | "writeReason";

/** One field of an event's data. */
export interface EventField {
  readonly kind: EventFieldKind;
  readonly optional?: true;
  readonly means: string;
}

/** The data of one type of event. `open` data may hold fields of its own besides. */
export interface EventTypeEntry {
  readonly means: string;
  /** The event is about a step, so it has `step`. */
  readonly ofStep: boolean;
  readonly open: boolean;
  readonly fields: Readonly<Record<string, EventField>>;
}

type Fields = Readonly<Record<string, EventField>>;

function field(kind: EventFieldKind, means: string): EventField {
  return { kind, means };
}

function optional(kind: EventFieldKind, means: string): EventField {
  return { kind, optional: true, means };
}

const always: Fields = {
  redacted: optional("texts", "Fields whose values were taken out; such a run cannot be imported."),
};

const place: Fields = {
  scope: field("text", 'Step id of the enclosing nested-workflow step, "" for the root.'),
  superstep: field("count", "Superstep of the scope, from 0."),
  ordinal: field("count", "Place in the superstep's frontier, from 0."),
  node: field("text", "Node of the workflow."),
  item: field("index", "Index of the fan-out item, -1 outside a fan-out."),
};

const stamp: Fields = {
  seq: field("count", "Number of the commit."),
  event: field("count", "`seq` of the first event of the same row."),
};

const timing: Fields = {
  startedAt: field("time", "Start of the attempt, in milliseconds since 1970."),
  durationMs: field("time", "Duration of the attempt."),
};

const entry: Fields = {
  index: field("count", "Order in which the step's calls started."),
  name: field("text", "Name given to the call."),
  inputHash: field("text", "SHA-256 of the call's input."),
  nth: field("count", "Number of earlier calls with the same name and input."),
  attempt: field("count", "Attempt that made the call, from 1."),
  value: field("json", "What was recorded, or the SHA-256 of a blob when `ref` is true."),
  ref: optional("boolean", "True when `value` is the SHA-256 of a blob."),
  at: field("time", "Time of the entry, in milliseconds since 1970."),
  durationMs: field("time", "Duration of the call."),
  seq: optional("count", "Number of the commit, for an entry committed before its step."),
  event: optional("count", "`seq` of the first event of the same row, likewise."),
  startedAt: optional("time", "Start of the attempt, likewise."),
};

const io: Fields = {
  ...entry,
  tx: optional("boolean", "True for an effect in the run store's own transaction."),
  effect: optional("boolean", "True if the call changes something outside."),
  cache: optional("cacheAnswer", "How the result was obtained where a cache was asked."),
};

const attempt: Fields = {
  attempt: field("count", "Number of the attempt, from 1 in each round."),
  round: field("count", "How often the run was resumed after a failure before this attempt."),
  ...timing,
  failure: field("json", "The failure."),
  nextAt: optional("time", "When the next attempt may start, in milliseconds since 1970."),
  ...stamp,
};

const mark: Fields = {
  seq: field("count", "Number of the commit."),
  at: field("time", "Time of the mark, in milliseconds since 1970."),
  state: optional("json", "Root state where the run stops or is migrated, without the fields kept as blobs."),
  refs: optional("json", "Fields of the state kept as blobs: field to SHA-256."),
};

function ofStep(means: string, fields: Fields): EventTypeEntry {
  return { means, ofStep: true, open: false, fields: { ...place, ...fields, ...always } };
}

function ofRun(means: string, fields: Fields = {}): EventTypeEntry {
  return { means, ofStep: false, open: true, fields: { ...fields, ...mark, ...always } };
}

const failed: Fields = { failure: optional("json", "The failure.") };

const began: Fields = {
  ...entry,
  durationMs: field("time", "How long the step waits at most; 0 for ever."),
};

const undone = optional("object", "How many steps were undone, and which could not be.");

const arrived: Fields = {
  ...entry,
  inbox: optional("count", "Number of the inbox row that brought it."),
};

const asked: Fields = {
  index: field("count", "Index of the record's entry of the call."),
  name: field("text", "Name of the outside call that asked."),
  provider: field("text", "Provider of the model."),
  model: field("text", "The model."),
};

const cacheAsked: Fields = {
  index: optional("count", "Index of the call that asked; absent when the step itself did."),
  name: field("text", "Name of the call, or of the step's node."),
  inputHash: field("text", "SHA-256 of the call's input, or the key of the step cache."),
};

/** Meaning and data of every type of record event. */
export const eventTypes: Readonly<Record<RecordEventType, EventTypeEntry>> = {
  "run.started": ofRun("The run was created.", {
    workflow: field("text", "Name of the workflow."),
    version: field("text", "Version of the workflow."),
    fingerprint: field("text", "Structural hash of the workflow."),
    seed: field("text", "Seed of random numbers and ids."),
    input: field("json", 'Input of the run, or "#" and the hash of the blob that holds a large one.'),
    definition: field("hash", "SHA-256 of the JSON description of the workflow."),
    labels: optional("object", "Free labels, and the file the workflow came from."),
    durability: optional(
      "text",
      "What the run's commits survive, where it does not leave that to the store.",
    ),
    limits: optional("object", "Limits that the run was started with and keeps."),
  }),
  "run.resumed": ofRun("A process went on with the run."),
  "run.recovered": ofRun("A process took the run over from one that ended without giving it back."),
  "run.waiting": ofRun("Nothing goes on before an answer, an event or a time."),
  "run.paused": ofRun("The run was paused, from outside or at a static pause.", {
    before: optional("texts", "Steps before which it was to pause."),
    after: optional("texts", "Steps after which it was to pause."),
  }),
  "run.migrated": ofRun("The state was turned into one of another version of the workflow.", {
    version: field("text", "Version that the state is one of since."),
    fingerprint: field("text", "Structural hash of that version."),
    definition: field("object", "JSON description of that version."),
    superstep: field("index", "Superstep of the root scope whose seal the state is after; -1 for none."),
    seal: field("object", "That seal: what the run goes on with."),
  }),
  "run.forked": ofRun("The run was made of the events before: those of another run up to a seal.", {
    from: field("text", "The run that was forked."),
    fromSeq: field("count", "Its last event that was taken over."),
    scope: field("text", 'Scope whose seal it was: a step id, "" for the root.'),
    superstep: field("index", "Superstep whose seal it was; -1 for the start of the run."),
    seal: optional("object", "The seal that the run goes on with, where its state was patched."),
  }),
  "run.parked": ofRun("The process gave the run back unfinished."),
  "run.compensating": ofRun("Completed steps are undone before the run ends.", {
    after: field("text", "`failed` or `cancelled`: how the run ends then."),
    superstep: field("count", "Superstep of the root scope that the step undoing them has."),
    failure: optional("json", "The failure."),
    by: optional("text", "Who cancelled the run."),
  }),
  "run.succeeded": ofRun("The run reached its end."),
  "run.failed": ofRun("The run failed; it can be resumed, unless its steps were undone.", {
    ...failed,
    compensation: undone,
  }),
  "run.cancelled": ofRun("The run was cancelled and does not go on.", { compensation: undone }),
  "step.started": ofStep("First event of a step.", {}),
  "step.succeeded": ofStep("A step's outcome was committed.", {
    origin: field("text", 'Step id of the first predecessor, "" for the entry.'),
    edge: field("count", "Number of the declared edge taken."),
    attempt: field("count", "Number of the attempt that succeeded, from 1."),
    ...timing,
    delta: field("object", "The partial state that the step returned, without the fields kept as blobs."),
    goto: optional("texts", "Targets that replaced the step's edges."),
    refs: optional("textMap", "Fields of the delta kept as blobs: field to SHA-256."),
    recovered: optional("object", "The failure that `recover` turned into this delta."),
    inherited: optional("textMap", "Artifacts bound inside a nested workflow: path to SHA-256."),
    cache: optional("object", "Answer of the step cache, and the key it was asked under."),
    call: optional("object", "The call of a flow that the step answers."),
    compensates: optional("boolean", "True if the step declares how it is undone."),
    seal: optional("object", "The end of the superstep: its next frontier."),
    ...stamp,
  }),
  "step.failed": ofStep("A step failed and has no attempt left.", attempt),
  "step.retried": ofStep("An attempt failed; another one follows at `nextAt`.", attempt),
  "step.cancelled": ofStep("An attempt was cancelled.", attempt),
  "io.succeeded": ofStep("An outside call gave a result.", io),
  "io.failed": ofStep("An outside call failed.", io),
  "clock.read": ofStep("The step read the clock.", entry),
  "call.failed": ofStep("Steps that a flow called failed for good; its body gets the failure.", entry),
  "llm.request": ofStep("A model was asked.", asked),
  "llm.response": ofStep("A model answered, or failed to.", {
    ...asked,
    outcome: field(
      "text",
      "`succeeded`, or why not: `timeout`, `rate_limited`, `provider_error`, `auth`, `validation`, `quota`, `cancelled`.",
    ),
    latencyMs: field("time", "Duration of the call."),
    firstTokenMs: optional("time", "Until the first piece of a streamed answer."),
    inputTokens: field("count", "Tokens of the request."),
    cachedTokens: field("count", "Those of them that the provider read from its prompt cache."),
    outputTokens: field("count", "Tokens of the answer."),
    costNanos: field("json", "Cost in billionths of a dollar; null if the price of the model is not known."),
  }),
  "cost.charged": ofStep("What a call of a model took and cost, as the record keeps it in `value`.", entry),
  "cache.hit": ofStep("The response cache had the result.", cacheAsked),
  "cache.miss": ofStep("The response cache did not have the result.", cacheAsked),
  "file.written": ofStep("An artifact was bound to its name.", {
    path: field("text", "Path inside the run's artifacts."),
    sha256: field("hash", "SHA-256 of the content."),
    wrote: field("boolean", "False when the content was there already."),
    reason: field("writeReason", "`created`, `changed` or `nochange`."),
    sizeBytes: field("count", "Size of the content."),
  }),
  "interrupt.requested": ofStep("The step waits for an answer.", began),
  "interrupt.answered": ofStep("The answer reached the step, or its deadline has passed.", arrived),
  "interrupt.refused": ofStep("The interrupt did not accept an answer and waits for another.", arrived),
  "timer.set": ofStep("The step sleeps.", entry),
  "timer.ended": ofStep("The sleep is over.", entry),
  "wait.started": ofStep("The step waits for an event.", began),
  "wait.ended": ofStep("The event reached the step, or its time is over.", arrived),
};
