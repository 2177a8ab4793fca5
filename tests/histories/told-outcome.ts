import { canonicalJson, canonicalLog, type JsonObject, type RecordEvent, sha256Hex } from "@agentflow/core";
import type { Engine, ReplayReport } from "@agentflow/engine";

/** What a run came to, in hashes that later versions have to give again. */
export interface ToldOutcome extends JsonObject {
  readonly status: string;
  /** SHA-256 of the canonical log (S6). */
  readonly canonicalLog: string;
  /** SHA-256 of the canonical JSON of the root state. */
  readonly state: string;
  /** Committed steps that a replay compares, and effects that it does not repeat. */
  readonly steps: number;
  readonly effects: number;
}

/** Tells what a stored run came to, and what its replay found. */
export async function outcomeOf(engine: Engine, runId: string, replay: ReplayReport): Promise<ToldOutcome> {
  const { status, state } = await engine.inspect(runId);
  const events = await Array.fromAsync(engine.events(runId, { follow: false }));
  const { steps, effects } = replay;
  return {
    status,
    canonicalLog: sha256Hex(canonicalLog(events as RecordEvent[])),
    state: sha256Hex(canonicalJson(state)),
    steps,
    effects,
  };
}
