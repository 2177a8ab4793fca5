import type { JournalEntry, JournalKind, Json } from "@agentflow/core";
import type { Call } from "../journal/step-journal.ts";
import type { Attempt } from "./attempt.ts";
import { takeTurn } from "./call-outside.ts";
import { parsed } from "./recorded-value.ts";
import type { StepHost } from "./step-host.ts";

/** What an entry of the journal says beside the time and the attempt. */
export interface EntryParts {
  readonly kind: JournalKind;
  readonly name: string;
  readonly inputHash: string;
  readonly call: Pick<Call, "index" | "nth">;
  readonly json: string;
  readonly durationMs?: number;
  /** Id of the inbox row that brought it, and index of the wait that it ends. */
  readonly inbox?: number;
  readonly ends?: number;
}

/** An entry of now that is not in the record yet. */
export function makeEntry(attempt: Attempt, host: StepHost, parts: EntryParts): JournalEntry {
  const { kind, name, inputHash, call, json, durationMs = 0, inbox } = parts;
  return {
    index: call.index,
    kind,
    name,
    inputHash,
    nth: call.nth,
    attempt: attempt.number,
    value: json,
    at: host.clock.now(),
    durationMs,
    ...(inbox === undefined ? {} : { inbox }),
  };
}

/** Records an entry: it joins the next commit of the run (S8). */
export function recordEntry(attempt: Attempt, host: StepHost, parts: EntryParts): JournalEntry {
  const entry = makeEntry(attempt, host, parts);
  attempt.task.journal.add(entry);
  host.record(attempt.task, entry, parts.ends);
  return entry;
}

/** The value of an entry of an earlier execution, when its turn has come; never for an attempt that is over. */
export async function recordedValue(attempt: Attempt, host: StepHost, entry: JournalEntry): Promise<Json> {
  await takeTurn(attempt, host, entry);
  return attempt.isOver ? never() : parsed(entry);
}

/** Nothing holds on to it, so whoever awaits it is collected. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
