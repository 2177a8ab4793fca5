import type {
  AttemptRow,
  Clock,
  Failure,
  JournalEntry,
  Json,
  OwnerRow,
  RunHead,
  RunStatus,
  RunStore,
  StoreBackend,
} from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";

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
  const open = await readOpenSteps(head, backend.runs);
  return {
    runId: head.runId,
    status: head.status,
    owner: head.owner === undefined ? undefined : await backend.owners.readOwner(head.owner),
    recoveries: head.recoveries,
    causes: causesOf(open.failure),
    failures: [...open.attempts].map(([stepId, row]) => ({
      stepId,
      attempt: row.attempt,
      causes: causesOf(JSON.parse(row.failure) as Failure),
      nextAt: row.nextAt,
    })),
    waitsFor: waitsOfAll(open),
    wakeAt: head.wakeAt,
    now: clock.now(),
  };
}

/** What the steps of a run wait for. */
export async function readWaits(head: RunHead, runs: RunStore): Promise<readonly WaitingFor[]> {
  return waitsOfAll(await readOpenSteps(head, runs));
}

/** The steps without an outcome: their last attempt and journal; and the failure the run stopped with. */
interface OpenSteps {
  readonly attempts: Map<string, AttemptRow>;
  readonly entries: Map<string, JournalEntry[]>;
  failure: Failure | undefined;
}

async function readOpenSteps(head: RunHead, runs: RunStore): Promise<OpenSteps> {
  const open: OpenSteps = { attempts: new Map(), entries: new Map(), failure: undefined };
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind === "mark") {
      const data =
        record.row.data === undefined ? {} : (JSON.parse(record.row.data) as { failure?: Failure });
      open.failure = record.row.type === "run.failed" ? data.failure : undefined;
      continue;
    }
    const stepId = Blobs.stepIdOf(record.row);
    if (record.kind === "attempt") {
      open.attempts.set(stepId, record.row);
      for (const entry of JSON.parse(record.row.entries ?? "[]") as JournalEntry[])
        addEntry(open.entries, stepId, entry);
    } else if (record.kind === "journal") addEntry(open.entries, stepId, record.row.entry);
    else {
      open.attempts.delete(stepId);
      open.entries.delete(stepId);
    }
  }
  return open;
}

function waitsOfAll(open: OpenSteps): WaitingFor[] {
  return [...open.entries].flatMap(([stepId, found]) => waitsOf(stepId, found));
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
