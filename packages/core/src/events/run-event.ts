import type { Json, JsonObject } from "../encoding/json.ts";

/** Severity of an event. */
export type EventLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

/** An event derived from a commit (S6, RUN-2). Dense and increasing in `seq` within its run (I4). */
export interface RecordEvent {
  /** ISO 8601, UTC. */
  readonly ts: string;
  readonly seq: number;
  /** Epoch of the commit; with run id and seq the event's id (S7). */
  readonly epoch: number;
  readonly level: EventLevel;
  readonly runId: string;
  readonly type: RecordEventType;
  /** Step id, where the event is about a step. */
  readonly step?: string;
  readonly data?: JsonObject;
}

/** Types of record events; `docs/events.md` and the published schema list their data. */
export type RecordEventType =
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
  | "run.cancelled"
  | "step.started"
  | "step.succeeded"
  | "step.failed"
  | "step.retried"
  | "step.cancelled"
  | "io.succeeded"
  | "io.failed"
  | "clock.read"
  | "call.failed"
  | "llm.request"
  | "llm.response"
  | "cost.charged"
  | "cache.hit"
  | "cache.miss"
  | "file.written"
  | "interrupt.requested"
  | "interrupt.answered"
  | "interrupt.refused"
  | "timer.set"
  | "timer.ended"
  | "wait.started"
  | "wait.ended";

/** An event shown while something runs; it has no seq and may be dropped, with a count (S6). */
export interface LiveEvent {
  readonly ts: string;
  readonly runId: string;
  readonly type:
    | "step.running"
    | "step.skipped"
    | "progress"
    | "token"
    | "custom"
    | "backpressure"
    | "dropped"
    | "truncated";
  readonly step?: string;
  readonly data?: Json;
}

/** What `run.events()` yields. */
export type RunEvent = RecordEvent | LiveEvent;
