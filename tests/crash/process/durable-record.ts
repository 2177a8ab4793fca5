import {
  formatStepId,
  ioIdempotencyKey,
  type JournalEntry,
  type RecordRow,
  type RunCommit,
  type StepDetail,
} from "@agentflow/core";

/** What tells an outside call from others, and whether its step's attempts inherit nothing from each other (S9). */
export interface RecordedCall {
  readonly idempotencyKey: string;
  readonly attempt: number;
  readonly isFresh?: boolean;
}

interface Placed {
  readonly scope: string;
  readonly superstep: number;
  readonly node: string;
  readonly item: number;
}

/** What is durable of one run, known the moment its store has it, whatever becomes of the answer. */
export class DurableRecord {
  readonly #runId: string;
  readonly #steps = new Set<string>();
  readonly #attempts = new Set<string>();
  readonly #results = new Map<string, JournalEntry>();
  /** Commits that the store applied. */
  commits = 0;

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** Whether the outcome of a step is committed. */
  hasStep(stepId: string): boolean {
    return this.#steps.has(stepId);
  }

  /** Whether an attempt is committed as failed or cancelled. */
  hasEnded(stepId: string, attempt: number): boolean {
    return this.#attempts.has(`${stepId} ${attempt}`);
  }

  /** Whether the attempt that makes this call must find its result in the journal instead (S8, S9). */
  hasResult({ idempotencyKey, attempt, isFresh }: RecordedCall): boolean {
    const recorded = this.#results.get(idempotencyKey);
    if (recorded === undefined) return false;
    return recorded.attempt >= attempt || (recorded.kind === "io" && isFresh !== true);
  }

  /** Takes a stored row. */
  addRow(record: RecordRow): void {
    if (record.kind === "mark") return;
    const stepId = idOf(record.row);
    if (record.kind === "step") this.#steps.add(stepId);
    if (record.kind === "attempt") this.#attempts.add(`${stepId} ${record.row.attempt}`);
    for (const entry of entriesOf(record)) this.#addEntry(stepId, entry);
  }

  #addEntry(stepId: string, entry: JournalEntry): void {
    const { kind, name, inputHash, nth, attempt } = entry;
    if (kind !== "io" && kind !== "ioError") return;
    const key = ioIdempotencyKey({ runId: this.#runId, stepId, name, inputHash, nth });
    const known = this.#results.get(key);
    if (known === undefined || known.attempt < attempt) this.#results.set(key, entry);
  }

  /** Takes what the store applied; commits of other runs are none of its business. */
  add(member: RunCommit): void {
    if (member.runId !== this.#runId) return;
    this.commits++;
    for (const row of member.steps) this.addRow({ kind: "step", row });
    for (const row of member.attempts) this.addRow({ kind: "attempt", row });
    for (const row of member.journal) this.addRow({ kind: "journal", row });
  }
}

function entriesOf(record: Exclude<RecordRow, { readonly kind: "mark" }>): readonly JournalEntry[] {
  if (record.kind === "journal") return [record.row.entry];
  const text = record.kind === "step" ? record.row.detail : record.row.entries;
  if (text === undefined) return [];
  const parsed = JSON.parse(text) as readonly JournalEntry[] | StepDetail;
  return "length" in parsed ? parsed : (parsed.entries ?? []);
}

function idOf({ scope, superstep, node, item }: Placed): string {
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}
