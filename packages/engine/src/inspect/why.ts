import type {
  AttemptRow,
  Clock,
  Failure,
  JournalEntry,
  Json,
  OwnerRow,
  RunHead,
  RunStatus,
  StoreBackend,
} from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "./run-view.ts";

/** What a step waits for (S13). */
export interface WaitingFor {
  readonly stepId: string;
  readonly kind: "interrupt" | "sleep" | "event";
  /** Interrupt id, or the name of the sleep or event. */
  readonly id: string;
  /** What an interrupt asks; the wall-clock milliseconds a sleep ends at. */
  readonly payload: Json;
}

/** A failure of a step that is not over: its cause chain, outermost first, and the next try. */
export interface OpenFailure {
  readonly stepId: string;
  readonly attempt: number;
  readonly causes: readonly Failure[];
  /** Wall-clock milliseconds of the next attempt; undefined if there is none. */
  readonly nextAt: number | undefined;
}

/** Why a run is where it is (ENG-56). */
export interface Explanation {
  readonly runId: string;
  readonly status: RunStatus;
  readonly owner: OwnerRow | undefined;
  readonly recoveries: number;
  /** The run's own failure with its causes, outermost first. */
  readonly causes: readonly Failure[];
  readonly failures: readonly OpenFailure[];
  readonly waitsFor: readonly WaitingFor[];
  /** Earliest time the run goes on by itself, and now, in wall-clock milliseconds. */
  readonly wakeAt: number | undefined;
  readonly now: number;
}

/** Explains a run from its rows, its owner and the clock. */
export async function explainRun(head: RunHead, backend: StoreBackend, clock: Clock): Promise<Explanation> {
  const done = new Set<string>();
  const attempts = new Map<string, AttemptRow>();
  const entries = new Map<string, JournalEntry[]>();
  let failure: Failure | undefined;
  for await (const record of readAllRecords(head, backend.runs)) {
    if (record.kind === "mark") {
      const data =
        record.row.data === undefined ? {} : (JSON.parse(record.row.data) as { failure?: Failure });
      failure = record.row.type === "run.failed" ? data.failure : undefined;
      continue;
    }
    const stepId = Blobs.stepIdOf(record.row);
    if (record.kind === "step") done.add(stepId);
    if (record.kind === "attempt") attempts.set(stepId, record.row);
    if (record.kind === "journal") addEntry(entries, stepId, record.row.entry);
  }
  const open = [...attempts].filter(([stepId]) => !done.has(stepId));
  return {
    runId: head.runId,
    status: head.status,
    owner: head.owner === undefined ? undefined : await backend.owners.readOwner(head.owner),
    recoveries: head.recoveries,
    causes: causesOf(failure),
    failures: open.map(([stepId, row]) => ({
      stepId,
      attempt: row.attempt,
      causes: causesOf(JSON.parse(row.failure) as Failure),
      nextAt: row.nextAt,
    })),
    waitsFor: [...entries]
      .filter(([stepId]) => !done.has(stepId))
      .flatMap(([stepId, found]) => waitsOf(stepId, found)),
    wakeAt: head.wakeAt,
    now: clock.now(),
  };
}

/** A failure and its causes, outermost first. */
function causesOf(failure: Failure | undefined): Failure[] {
  const causes: Failure[] = [];
  for (let cause = failure; cause !== undefined; cause = cause.cause) causes.push(cause);
  return causes;
}

function addEntry(entries: Map<string, JournalEntry[]>, stepId: string, entry: JournalEntry): void {
  const known = entries.get(stepId);
  if (known === undefined) entries.set(stepId, [entry]);
  else known.push(entry);
}

const endedBy: Readonly<Record<string, "answer" | "event">> = { interrupt: "answer", wait: "event" };

function waitsOf(stepId: string, entries: readonly JournalEntry[]): WaitingFor[] {
  const waits: WaitingFor[] = [];
  for (const entry of entries) {
    const { kind, name, nth } = entry;
    const end = endedBy[kind];
    const isOver =
      end !== undefined &&
      entries.some((other) => other.kind === end && other.name === name && other.nth === nth);
    if (isOver) continue;
    const payload = entry.ref === true ? null : (JSON.parse(entry.value) as Json);
    if (kind === "interrupt") waits.push({ stepId, kind, id: `${stepId}#${name}[${nth}]`, payload });
    else if (kind === "sleep") waits.push({ stepId, kind, id: name, payload });
    else if (kind === "wait") waits.push({ stepId, kind: "event", id: name, payload });
  }
  return waits;
}
