import type { LiveEvent, RecordEvent } from "../events/run-event.ts";
import type { Awaitable } from "./run-store.ts";

/**
 * Takes events out of the engine. Record events come in order, at least once, under stable ids
 * (run, epoch, seq); a known seq under a newer epoch replaces what was taken after it (S7).
 * A failing emitter never fails a run; the engine reports it and delivers again later.
 */
export interface Emitter {
  readonly name: string;
  /** Record events of one run, in order. Resolves when they are taken. */
  emit(events: readonly RecordEvent[]): Awaitable<void>;
  /** Live events, which may be dropped (S6). */
  live?(event: LiveEvent): void;
  /** Waits for what was taken to be written. */
  flush?(): Promise<void>;
  close?(): Promise<void>;
}
