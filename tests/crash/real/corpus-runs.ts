import { setTimeout } from "node:timers/promises";
import { invariant, type StoreBackend, StoreUnavailableError } from "@agentflow/core";
import type { Engine, Run } from "@agentflow/engine";
import { corpus } from "../corpus/corpus.ts";
import type { CorpusCase } from "../corpus/corpus-case.ts";
import { DurableRecord } from "../process/durable-record.ts";
import { giveWrongAnswers, isToldToPeople, openInterrupts, sendSignals } from "../process/people.ts";
import type { OutsideFile } from "./outside-file.ts";

const tenant = "default";

/** The case that a run of a number is of. */
export function caseOf(number: number): (typeof corpus)[number] {
  const makeCase = corpus[number % corpus.length];
  invariant(makeCase !== undefined, "the corpus has cases");
  return makeCase;
}

/** The id of a run; runs of several series may share a store. */
export function runIdOf(series: string, number: number): string {
  return `${series}-${number}`;
}

/** Runs of the corpus by number, as one process advances them: started where there are none, else gone on with. */
export class CorpusRuns {
  readonly #series: string;
  readonly #backend: StoreBackend;
  readonly #engine: Engine;
  readonly #outside: OutsideFile;
  readonly #durable: Map<string, DurableRecord>;

  constructor(given: {
    readonly series: string;
    readonly backend: StoreBackend;
    readonly engine: Engine;
    readonly outside: OutsideFile;
    readonly durable: Map<string, DurableRecord>;
  }) {
    this.#series = given.series;
    this.#backend = given.backend;
    this.#engine = given.engine;
    this.#outside = given.outside;
    this.#durable = given.durable;
  }

  /**
   * Brings a run to its end, with people answering; one that is there is opened once more only if `tellsAll`. A caller
   * who is told that the store is away asks again: only a run that stops for it is a surprise.
   */
  async finish(number: number, tellsAll: boolean): Promise<void> {
    for (;;) {
      try {
        await this.#finish(number, tellsAll);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
      }
    }
  }

  async #finish(number: number, tellsAll: boolean): Promise<void> {
    const runId = runIdOf(this.#series, number);
    const head = await this.#backend.runs.readHead(tenant, runId);
    if (head?.status === "succeeded" && !tellsAll) return;
    const durable = await this.#readDurable(runId);
    this.#durable.set(runId, durable);
    const played = caseOf(number)(this.#outside.of(runId, durable));
    for (;;) {
      const run = await this.#open(runId, played);
      const outcome = await run.settled();
      if (outcome.status === "succeeded") break;
      // A run that its store stopped is given back as it is stored, and goes on when it is opened again.
      if (outcome.status === "fenced" && outcome.error instanceof StoreUnavailableError) continue;
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
      return this.#engine.start(played.workflow, played.input as never, { id: runId, seed: "seed" });
    const { mended, workflow } = played;
    const isMended = mended !== undefined && (head.status === "failed" || head.round > 0);
    return this.#engine.resume(runId, isMended ? mended : workflow, { allowVersionMismatch: isMended });
  }

  async #passDeadline(runId: string): Promise<void> {
    const head = await this.#backend.runs.readHead(tenant, runId);
    const leftMs = (head?.wakeAt ?? 0) - Date.now();
    if (leftMs > 0) await setTimeout(leftMs);
  }

  /** What people do; one who is told that it may not have arrived looks again when the run is opened next. */
  async #help(runId: string, played: CorpusCase): Promise<void> {
    const place = { backend: this.#backend, tenant, runId };
    try {
      await sendSignals(place, played.signals ?? []);
      const asked = await openInterrupts(place);
      if (await giveWrongAnswers(place, asked, played.wrongAnswers)) return;
      const { answers = {} } = played;
      const open = asked.filter((id) => answers[id] !== undefined);
      for (const id of open) await this.#engine.answer(runId, id, answers[id] ?? null, { by: "somebody" });
      if (open.length === 0) await this.#passDeadline(runId);
    } catch (error) {
      if (!isToldToPeople(error)) throw error;
    }
  }
}
