import type { JsonObject } from "../encoding/json.ts";

/**
 * The rows a run consists of. Everything else (events, state, step lists, canonical log) is derived from
 * them by pure functions (S6, I2). JSON columns hold canonical JSON text, encoded once (S17).
 */

/** Where a step stands in its run: the primary key of everything it commits (S3). */
export interface Position {
  /** Path of the scope: "" for the root, else the step id of the nested-workflow step that opened it. */
  readonly scope: string;
  readonly superstep: number;
  /** Place in the superstep's frontier, from 0. */
  readonly ordinal: number;
}

/** What every committed row carries: which commit wrote it and where its record events start (S6, S7). */
export interface CommitStamp {
  readonly seq: number;
  readonly epoch: number;
  /** `seq` of the first record event derived from this row. */
  readonly event: number;
}

/** One staged step outcome: a success, possibly by `recover` (S2, S11). */
export interface StepRow extends Position, CommitStamp {
  readonly node: string;
  /** Index of the fan-out item, or -1. */
  readonly item: number;
  /** Step id of the first predecessor ("" for the entry) and the declared edge taken: parts of the order key. */
  readonly origin: string;
  readonly edge: number;
  /** Number of the attempt that succeeded, from 1. */
  readonly attempt: number;
  /** True when no earlier row of this step exists, so that `step.started` is derived from this one. */
  readonly opens: boolean;
  /** Wall-clock milliseconds since the epoch, and the attempt's duration in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Canonical JSON of the delta without the fields kept as blobs; "{}" when empty. */
  readonly delta: string;
  /** JSON of {@link StepDetail}; absent when there is nothing to say, which is the usual case. */
  readonly detail: string | undefined;
  /** JSON of {@link Seal}; present on the row whose commit sealed the superstep (S2). */
  readonly seal: string | undefined;
}

/** Rare parts of a step outcome. */
export interface StepDetail {
  /** Targets that replaced the step's edges (S16). */
  readonly goto?: readonly string[];
  /** Fields of the delta whose value is a blob: field to SHA-256 (S17). */
  readonly refs?: Readonly<Record<string, string>>;
  /** Journal entries that were not yet durable and so commit with the step (S8). */
  readonly entries?: readonly JournalEntry[];
  /** Artifacts bound by this step (RUN-30). */
  readonly artifacts?: readonly ArtifactBinding[];
  /** Artifacts that the steps of a nested workflow bound, taken over with its outcome: path to SHA-256. */
  readonly inherited?: Readonly<Record<string, string>>;
  /** The failure that `recover` turned into this delta (S11). */
  readonly recovered?: JsonObject;
  /** The step cache was asked under this key; on a hit the delta came from there instead of the node (RUN-20). */
  readonly cache?: { readonly answer: "hit" | "miss"; readonly key: string };
  /** The call of a flow that the step answers (ENG-53). */
  readonly call?: FlowCallKey;
  /** It declares how it is undone (ADR 20). */
  readonly compensates?: true;
}

/** What a call of a flow is known by, beside its name, which is the node of its steps. */
export interface FlowCallKey {
  /** SHA-256 of the canonical JSON of its input, or of the items of a map. */
  readonly inputHash: string;
  /** Number of earlier calls with the same name and input. */
  readonly nth: number;
  /** Attempt of the flow that made it. */
  readonly attempt: number;
}

/** A name bound to content by a step. */
export interface ArtifactBinding {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly reason: "created" | "changed" | "nochange";
}

/** What a step recorded of the outside. Keyed by (name, input hash, nth equal call) within its step (S8). */
export interface JournalEntry {
  /** Order in which the calls started within the step, over all its attempts. */
  readonly index: number;
  readonly kind: JournalKind;
  readonly name: string;
  readonly inputHash: string;
  readonly nth: number;
  readonly attempt: number;
  /** Canonical JSON of the result, failure, payload, answer or time; a blob's SHA-256 when `ref` is true. */
  readonly value: string;
  readonly ref?: boolean;
  readonly at: number;
  /** How long the call took; of an interrupt or a wait, how long it may take, 0 for ever. */
  readonly durationMs: number;
  /** The call changes something outside, as its author says. */
  readonly effect?: true;
  /** How the result was obtained, where a cache was asked; not part of the canonical log. */
  readonly cache?: "hit" | "miss";
  /** Id of the inbox row that an answer, refused or not, or an event came with; not part of the canonical log. */
  readonly inbox?: number;
}

/**
 * `io` and `ioError` end an outside call, `model` is a call of a model that was made for it, `tx` an effect in the store's
 * own transaction (S26), `now` a reading of the clock; `callError` ends a call of a flow whose steps failed for good; `interrupt`, `sleep` and `wait` park the step (S13), `answer` ends the interrupt, `slept` the sleep and
 * `event` the wait with its key; `refused` is an answer that the interrupt did not accept.
 */
export type JournalKind =
  | "io"
  | "ioError"
  | "model"
  | "tx"
  | "now"
  | "callError"
  | "interrupt"
  | "sleep"
  | "slept"
  | "wait"
  | "answer"
  | "refused"
  | "event";

/** A journal entry committed before its step's outcome. */
export interface JournalRow extends Position, CommitStamp {
  readonly node: string;
  readonly item: number;
  readonly opens: boolean;
  readonly startedAt: number;
  readonly entry: JournalEntry;
}

/** A failed or cancelled attempt (S9). */
export interface AttemptRow extends Position, CommitStamp {
  readonly node: string;
  readonly item: number;
  readonly attempt: number;
  /** Which resume of a failed run this attempt belongs to: each resume gives fresh attempts (S11). */
  readonly round: number;
  readonly opens: boolean;
  readonly outcome: "failed" | "cancelled";
  /** JSON of the failure. */
  readonly failure: string;
  /** When the next attempt may start, in wall-clock milliseconds; undefined when attempts are exhausted. */
  readonly nextAt: number | undefined;
  /** Entries of this attempt that were not yet durable, as JSON of JournalEntry[]. */
  readonly entries: string | undefined;
  readonly startedAt: number;
  readonly durationMs: number;
}

/** A change of a run's status (S28), or of who advances it. */
export interface MarkRow extends CommitStamp {
  readonly type: MarkType;
  readonly at: number;
  /** JSON object shown as the event's data. */
  readonly data: string | undefined;
  /** JSON of the root state when the run stops here, with blob references in `refs`. */
  readonly state: string | undefined;
  readonly refs: string | undefined;
}

/** A status a run takes on, or a change of the process that advances it. */
export type MarkType =
  | "run.started"
  | "run.resumed"
  | "run.recovered"
  | "run.migrated"
  | "run.forked"
  | "run.waiting"
  | "run.paused"
  | "run.parked"
  | "run.compensating"
  | "run.succeeded"
  | "run.failed"
  | "run.cancelled";

/** A stored full state of a scope at a seal, to shorten the fold (S23). */
export interface SnapshotRow extends CommitStamp {
  readonly scope: string;
  /** The superstep whose seal this is the state after. */
  readonly superstep: number;
  readonly state: string;
  readonly refs: string | undefined;
  /** JSON of {@link Seal}. */
  readonly seal: string;
}

/** A large value, stored once in its run under its SHA-256 (S17). */
export interface BlobRow {
  readonly hash: string;
  readonly json: string;
}

/** The end of a superstep: the next frontier and what joins have seen (S2, S15). */
export interface Seal {
  readonly frontier: readonly FrontierEntry[];
  /** Per join that waits: the predecessors that completed since its last firing, each with the step that did. */
  readonly joins?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** True once an exit node has completed in this scope. */
  readonly exited?: boolean;
  /** Artifacts bound so far: path to SHA-256. Only in snapshots; elsewhere the steps' details tell. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /** Fingerprint of the definition that the state was migrated to last (S19). Only in snapshots of the root scope. */
  readonly definition?: string;
}

/** A node of the next superstep; a fan-out stands for `items` steps with consecutive ordinals. */
export interface FrontierEntry {
  readonly node: string;
  /** Step id of the first predecessor, "" for the entry. Absent: the only step of the sealed superstep. */
  readonly origin?: string;
  /** Declared edge that led here; absent: the first. */
  readonly edge?: number;
  /** Number of items of a fan-out, and the SHA-256 of their canonical JSON; absent for a plain node. */
  readonly items?: number;
  readonly itemsHash?: string;
}

/** Any row a record event is derived from, tagged. */
export type RecordRow =
  | { readonly kind: "step"; readonly row: StepRow }
  | { readonly kind: "journal"; readonly row: JournalRow }
  | { readonly kind: "attempt"; readonly row: AttemptRow }
  | { readonly kind: "mark"; readonly row: MarkRow };
