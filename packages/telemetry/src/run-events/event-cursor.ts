import type { RecordEvent } from "@agentflow/core";

/** The newest record event that a reader of one run has. Before the first one: seq 0, epoch 0. */
export interface EventCursor {
  readonly seq: number;
  readonly epoch: number;
}

/** Where an event stands to what a reader has (S7). */
export type EventStanding =
  /** The reader has it already, or its sender has lost the run. */
  | "known"
  /** It follows the newest one. */
  | "next"
  /** It replaces the one with its seq, and with it everything after. */
  | "replaces"
  /** Events before it are missing. */
  | "ahead";

/** Compares an event with what a reader has: ids are (run, epoch, seq), and a newer epoch wins a seq (S7). */
export function standingOf(event: RecordEvent, cursor: EventCursor): EventStanding {
  if (event.epoch < cursor.epoch) return "known";
  if (event.seq > cursor.seq) return event.seq === cursor.seq + 1 ? "next" : "ahead";
  return event.epoch > cursor.epoch ? "replaces" : "known";
}
