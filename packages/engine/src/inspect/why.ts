import {
  type AttemptRow,
  type Clock,
  type Failure,
  finishedStatuses,
  frontierOrdinals,
  type JournalEntry,
  type Json,
  type OwnerRow,
  type RunHead,
  type RunStatus,
  type RunStore,
  type Seal,
  type StoreBackend,
  type WorkflowDescription,
} from "@agentflow/core";
import { deadlineOf } from "../people/deadline.ts";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import { compensationAfter, type StoredCompensation } from "../saga/compensation.ts";

/** What a step waits for (S13). */
export interface WaitingFor {
  readonly stepId: string;
  readonly kind: "interrupt" | "sleep" | "event";
  /** Interrupt id, or the name of the sleep or event. */
  readonly id: string;
  /** What an interrupt asks; the wall-clock milliseconds a sleep ends at. */
  readonly payload: Json;
  /** When it goes on without an answer or an event, in wall-clock milliseconds; undefined for never. */
  readonly deadline: number | undefined;
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
  /** Its completed steps are being undone, or were. */
  readonly compensation: StoredCompensation | undefined;
  /** The run's own failure with its causes, outermost first. */
  readonly causes: readonly Failure[];
  readonly failures: readonly OpenFailure[];
  readonly waitsFor: readonly WaitingFor[];
  /** Steps that have begun or could, and neither wait nor have failed: what an owner is busy with. */
  readonly inFlight: readonly string[];
  /** Earliest time the run goes on by itself, and now, in wall-clock milliseconds. */
  readonly wakeAt: number | undefined;
  readonly now: number;
}

/** Explains a run from its rows, its owner and the clock. */
export async function explainRun(head: RunHead, backend: StoreBackend, clock: Clock): Promise<Explanation> {
  const open = await readOpenSteps(head, backend.runs);
  const waitsFor = waitsOfAll(open);
  return {
    runId: head.runId,
    status: head.status,
    owner: head.owner === undefined ? undefined : await backend.owners.readOwner(head.owner),
    recoveries: head.recoveries,
    compensation: open.compensation,
    causes: causesOf(open.failure),
    failures: [...open.attempts].map(([stepId, row]) => ({
      stepId,
      attempt: row.attempt,
      causes: causesOf(JSON.parse(row.failure) as Failure),
      nextAt: row.nextAt,
    })),
    waitsFor,
    inFlight: await inFlightOf(head, open, waitsFor, backend.runs),
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
  /** Steps that a seal made ready, or that have a row. */
  readonly ready: Set<string>;
  readonly ended: Set<string>;
  failure: Failure | undefined;
  compensation: StoredCompensation | undefined;
}

async function readOpenSteps(head: RunHead, runs: RunStore): Promise<OpenSteps> {
  const open: OpenSteps = {
    attempts: new Map(),
    entries: new Map(),
    ready: new Set(),
    ended: new Set(),
    failure: undefined,
    compensation: undefined,
  };
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind === "mark") {
      open.compensation = compensationAfter(open.compensation, record.row);
      const data =
        record.row.data === undefined ? {} : (JSON.parse(record.row.data) as { failure?: Failure });
      open.failure = record.row.type === "run.failed" ? data.failure : undefined;
      continue;
    }
    const stepId = Blobs.stepIdOf(record.row);
    open.ready.add(stepId);
    if (record.kind === "attempt") {
      open.attempts.set(stepId, record.row);
      for (const entry of JSON.parse(record.row.entries ?? "[]") as JournalEntry[])
        addEntry(open.entries, stepId, entry);
    } else if (record.kind === "journal") addEntry(open.entries, stepId, record.row.entry);
    else {
      open.attempts.delete(stepId);
      open.entries.delete(stepId);
      open.ended.add(stepId);
      const { seal } = record.row;
      if (seal === undefined) continue;
      for (const [next] of frontierOrdinals(record.row, JSON.parse(seal) as Seal)) open.ready.add(next);
    }
  }
  return open;
}

const finished: ReadonlySet<RunStatus> = new Set(finishedStatuses);

async function inFlightOf(
  { tenant, fingerprint, status }: RunHead,
  { attempts, ready, ended }: OpenSteps,
  waitsFor: readonly WaitingFor[],
  runs: RunStore,
): Promise<readonly string[]> {
  if (finished.has(status)) return [];
  const definition = ready.size > 0 ? undefined : await runs.readDefinition(tenant, fingerprint);
  // Before the first row of a run its entry is all there is.
  if (definition !== undefined) ready.add(`0.${(JSON.parse(definition) as WorkflowDescription).entry}`);
  const waiting = new Set(waitsFor.map(({ stepId }) => stepId));
  const open = [...ready].filter((step) => !ended.has(step) && !attempts.has(step) && !waiting.has(step));
  // Of a nested workflow its own steps tell more.
  return open.filter((step) => ![...ready].some((other) => other.startsWith(`${step}/`)));
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

const endedBy: Readonly<Record<string, "answer" | "event" | "slept">> = {
  interrupt: "answer",
  wait: "event",
  sleep: "slept",
};

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
    const deadline = deadlineOf(entry);
    if (kind === "interrupt")
      waits.push({ stepId, kind, id: `${stepId}#${name}[${nth}]`, payload, deadline });
    else if (kind === "sleep") waits.push({ stepId, kind, id: name, payload, deadline });
    else if (kind === "wait") waits.push({ stepId, kind: "event", id: name, payload, deadline });
  }
  return waits;
}
