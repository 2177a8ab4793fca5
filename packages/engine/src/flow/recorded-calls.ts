import {
  type AttemptRow,
  invariant,
  type JournalRow,
  type Json,
  type ScopeRecord,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import type { Ending } from "../journal/step-journal.ts";
import type { Blobs } from "../resume/blobs.ts";
import { restoreAttempt } from "../resume/load-scope.ts";
import { artifactsOf, type StagedStep } from "../schedule/staged-step.ts";
import type { StepTask } from "../step/step-task.ts";
import { callKey } from "./flow-call.ts";

/** A call some or all of whose steps have succeeded. */
export interface RecordedCall {
  readonly superstep: number;
  /** The rows and results of its steps by ordinal. */
  readonly rows: Map<number, StepRow>;
  readonly results: Map<number, Json | undefined>;
  /** Place of its end among the endings of the flow, if its steps are all there. */
  readonly ending: Ending;
  /** `seq` of the first record event of its last row. */
  lastEvent: number;
}

/** What the rows of a flow's scope tell of its calls (ENG-53). */
export class RecordedCalls {
  readonly byKey = new Map<string, RecordedCall>();
  readonly artifacts: { readonly artifact: StagedStep["artifacts"][number]; readonly place: StepRow }[] = [];
  readonly supersteps = new Set<number>();
  readonly #blobs: Blobs;
  readonly #round: number;
  /** Node of the rows of a superstep, and those of steps that have not succeeded. */
  readonly #nodes = new Map<number, string>();
  readonly #open = new Map<string, { journal: JournalRow[]; attempts: AttemptRow[] }>();

  constructor(record: ScopeRecord, blobs: Blobs, round: number) {
    this.#blobs = blobs;
    this.#round = round;
    for (const row of record.steps) this.#addStep(row);
    for (const row of record.journal) this.#openOf(row).journal.push(row);
    for (const row of record.attempts) this.#openOf(row).attempts.push(row);
  }

  /** The endings of the flow in the order in which they were recorded: those of its own entries, and of its calls. */
  endings(body: StepTask): readonly Ending[] {
    const calls = [...this.byKey.values()].map(({ ending, lastEvent }) => ({ ending, event: lastEvent }));
    const entries = body.restored.map(({ entry, event }) => ({ ending: entry as Ending, event }));
    return [...calls, ...entries].sort((a, b) => a.event - b.event).map(({ ending }) => ending);
  }

  /** Whether a superstep holds steps of another node: no new call of this one may take it. */
  isOthers(superstep: number, node: string): boolean {
    const found = this.#nodes.get(superstep);
    return found !== undefined && found !== node;
  }

  /** Gives a step that has not succeeded what is recorded of it. */
  restore(task: StepTask): void {
    task.mayBeStored = true;
    const open = this.#open.get(placeKey(task.place));
    if (open === undefined) return;
    task.isOpened = true;
    for (const row of open.journal) task.restore([this.#blobs.entry(row.entry)], row.event);
    for (const row of open.attempts) restoreAttempt(task, row, this.#round, this.#blobs);
  }

  #addStep(row: StepRow): void {
    const detail = JSON.parse(row.detail ?? "{}") as StepDetail;
    const { call } = detail;
    invariant(call !== undefined, `the step ${this.#blobs.stepId(row)} of a flow answers no call`);
    this.#nodes.set(row.superstep, row.node);
    this.supersteps.add(row.superstep);
    for (const artifact of artifactsOf(detail)) this.artifacts.push({ artifact, place: row });
    const key = callKey(row.node, call);
    const known = this.byKey.get(key) ?? {
      superstep: row.superstep,
      rows: new Map<number, StepRow>(),
      results: new Map<number, Json | undefined>(),
      ending: { kind: "call", attempt: call.attempt } as const,
      lastEvent: 0,
    };
    known.rows.set(row.ordinal, row);
    known.results.set(row.ordinal, this.#blobs.staged(row).values["result"]);
    known.lastEvent = Math.max(known.lastEvent, row.event);
    this.byKey.set(key, known);
  }

  #openOf(row: JournalRow | AttemptRow): { journal: JournalRow[]; attempts: AttemptRow[] } {
    this.#nodes.set(row.superstep, row.node);
    const key = placeKey(row);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const made = { journal: [], attempts: [] };
    this.#open.set(key, made);
    return made;
  }
}

function placeKey({ superstep, ordinal }: { readonly superstep: number; readonly ordinal: number }): string {
  return `${superstep}:${ordinal}`;
}
