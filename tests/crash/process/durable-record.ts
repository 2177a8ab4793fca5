import {
  type AttemptRow,
  formatStepId,
  ioIdempotencyKey,
  type JournalEntry,
  type RunCommit,
  type StepDetail,
  type StepRow,
  type StoreBackend,
} from "@agentflow/core";
import type { OutsideCall } from "../corpus/corpus-case.ts";

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
  readonly #underWay = new Set<Promise<unknown>>();
  /** Commits that the store applied. */
  commits = 0;

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** A back end that tells this record what it commits. */
  observe(backend: StoreBackend): StoreBackend {
    const { runs } = backend;
    const observed: StoreBackend["runs"] = {
      capabilities: runs.capabilities,
      commit: (members) => {
        const answer = runs.commit(members);
        const note = (results: Awaited<typeof answer>): typeof results => {
          for (const [index, result] of results.entries())
            if (result.kind === "committed") this.#add(members[index]);
          return results;
        };
        return answer instanceof Promise ? this.#track(answer.then(note)) : note(answer);
      },
      transact: async (work, finish) => {
        let member: RunCommit | undefined;
        const transacted = runs.transact(work, (value) => {
          member = finish(value);
          return member;
        });
        const result = await this.#track(transacted);
        if (result.kind === "committed") this.#add(member);
        return result;
      },
      readHead: (tenant, runId) => runs.readHead(tenant, runId),
      readScope: (request) => runs.readScope(request),
      readRecords: (request) => runs.readRecords(request),
      readBlobs: (tenant, runId, hashes) => runs.readBlobs(tenant, runId, hashes),
      listRuns: (query) => runs.listRuns(query),
      readDefinition: (tenant, fingerprint) => runs.readDefinition(tenant, fingerprint),
      close: () => runs.close(),
    };
    return { ...backend, runs: observed };
  }

  /** Resolves when the store has nothing under way that a process gave it before it ended. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
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
  hasResult({ idempotencyKey, attempt, isFresh }: OutsideCall): boolean {
    const recorded = this.#results.get(idempotencyKey);
    if (recorded === undefined) return false;
    return recorded.attempt >= attempt || (recorded.kind === "io" && isFresh !== true);
  }

  addStep(row: StepRow): void {
    const stepId = idOf(row);
    this.#steps.add(stepId);
    const { entries = [] } = row.detail === undefined ? {} : (JSON.parse(row.detail) as StepDetail);
    for (const entry of entries) this.addEntry(stepId, entry);
  }

  addAttempt(row: AttemptRow): void {
    const stepId = idOf(row);
    this.#attempts.add(`${stepId} ${row.attempt}`);
    const entries = row.entries === undefined ? [] : (JSON.parse(row.entries) as JournalEntry[]);
    for (const entry of entries) this.addEntry(stepId, entry);
  }

  addEntry(stepId: string, entry: JournalEntry): void {
    const { kind, name, inputHash, nth, attempt } = entry;
    if (kind !== "io" && kind !== "ioError") return;
    const key = ioIdempotencyKey({ runId: this.#runId, stepId, name, inputHash, nth });
    const known = this.#results.get(key);
    if (known === undefined || known.attempt < attempt) this.#results.set(key, entry);
  }

  #track<T>(answer: Promise<T>): Promise<T> {
    const tracked = answer.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  #add(member: RunCommit | undefined): void {
    if (member === undefined || member.runId !== this.#runId) return;
    this.commits++;
    for (const row of member.steps) this.addStep(row);
    for (const row of member.attempts) this.addAttempt(row);
    for (const row of member.journal) this.addEntry(idOf(row), row.entry);
  }
}

function idOf({ scope, superstep, node, item }: Placed): string {
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}
