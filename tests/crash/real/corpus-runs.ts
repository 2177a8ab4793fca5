import { AnswerConflictError, InterruptNotFoundError, invariant, type StoreBackend } from "@agentflow/core";
import type { Engine, Run } from "@agentflow/engine";
import { corpus } from "../corpus/corpus.ts";
import type { CorpusCase } from "../corpus/corpus-case.ts";
import { DurableRecord } from "../process/durable-record.ts";
import { openInterrupts, sendSignals } from "../process/people.ts";
import type { OutsideFile } from "./outside-file.ts";

const tenant = "default";

/** The case that a run of a number is of. */
export function caseOf(number: number): (typeof corpus)[number] {
  const makeCase = corpus[number % corpus.length];
  invariant(makeCase !== undefined, "the corpus has cases");
  return makeCase;
}

export function runIdOf(number: number): string {
  return `run-${number}`;
}

/** Runs of the corpus by number, as one process advances them: started where there are none, else gone on with. */
export class CorpusRuns {
  readonly #backend: StoreBackend;
  readonly #engine: Engine;
  readonly #outside: OutsideFile;
  readonly #durable: Map<string, DurableRecord>;

  constructor(given: {
    readonly backend: StoreBackend;
    readonly engine: Engine;
    readonly outside: OutsideFile;
    readonly durable: Map<string, DurableRecord>;
  }) {
    this.#backend = given.backend;
    this.#engine = given.engine;
    this.#outside = given.outside;
    this.#durable = given.durable;
  }

  /** Brings a run to its end, with people answering; one that is there is opened once more only if `tellsAll`. */
  async finish(number: number, tellsAll: boolean): Promise<void> {
    const runId = runIdOf(number);
    const head = await this.#backend.runs.readHead(tenant, runId);
    if (head?.status === "succeeded" && !tellsAll) return;
    const durable = await this.#readDurable(runId);
    this.#durable.set(runId, durable);
    const played = caseOf(number)(this.#outside.of(runId, durable));
    for (;;) {
      const run = await this.#open(runId, played);
      const outcome = await run.settled();
      if (outcome.status === "succeeded") break;
      if (outcome.status === "waiting") await this.#help(runId, played);
      else invariant(outcome.status === "failed" && played.mended !== undefined, JSON.stringify(outcome));
    }
    this.#durable.delete(runId);
  }

  async #readDurable(runId: string): Promise<DurableRecord> {
    const durable = new DurableRecord(runId);
    const records = await this.#backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1_000_000 });
    for (const record of records) durable.addRow(record);
    return durable;
  }

  async #open(runId: string, played: CorpusCase): Promise<Run> {
    const head = await this.#backend.runs.readHead(tenant, runId);
    if (head === undefined)
      return this.#engine.start(played.workflow, played.input as never, { runId, seed: "seed" });
    const { mended, workflow } = played;
    const isMended = mended !== undefined && (head.status === "failed" || head.round > 0);
    return this.#engine.resume(runId, isMended ? mended : workflow, { allowVersionMismatch: isMended });
  }

  async #help(runId: string, played: CorpusCase): Promise<void> {
    const place = { backend: this.#backend, tenant, runId };
    await sendSignals(place, played.signals ?? []);
    for (const id of await openInterrupts(place)) {
      try {
        await this.#engine.answer(runId, id, played.answers?.[id] ?? null, { by: "somebody" });
      } catch (error) {
        if (!(error instanceof AnswerConflictError) && !(error instanceof InterruptNotFoundError))
          throw error;
      }
    }
  }
}
