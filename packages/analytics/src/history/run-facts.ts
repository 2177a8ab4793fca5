/**
 * Gathers the facts of one run from its record rows, which come in the order of their events.
 *
 * 1. A step is told when it has succeeded, or at the end of the run: a failed one may be resumed.
 * 2. What a fork took over from another run is told there, and not again.
 * 3. The facts of a run follow from its rows alone.
 */
import {
  type AttemptRow,
  type FinishedStatus,
  formatStepId,
  type JournalEntry,
  type Json,
  type MarkRow,
  type Position,
  type RecordRow,
  type RunHead,
  type StepDetail,
  type StepRow,
} from "@agentflow/core";
import type { DimensionKeys } from "./dimension-keys.ts";
import { cachedModel, readModelCall } from "./model-call.ts";

/** The fact tables, by name. */
export const factTables = [
  "fact_run",
  "fact_step",
  "fact_model_call",
  "fact_tool_call",
  "fact_cost",
] as const;

/** The name of a fact table. */
export type FactTable = (typeof factTables)[number];

/** Takes a row of a fact table. */
export type AddFact = (table: FactTable, row: Readonly<Record<string, unknown>>) => void;

type StepStatus = "succeeded" | "recovered" | "failed" | "cancelled" | "unfinished";

interface StepFacts {
  readonly number: number;
  readonly id: string;
  readonly nodeKey: number;
  readonly startedAt: number;
  status: StepStatus;
  /** Of the last attempt that failed. */
  failure: string | undefined;
  durationMs: number;
  busyMs: number;
  attempts: number;
  failures: number;
  retries: number;
  cacheAsked: number;
  cacheHits: number;
  /** The outside calls for which models were called: these are told, and not the calls around them. */
  readonly modelCalls: Set<string>;
}

type StepPlace = Position & Pick<StepRow, "node" | "item" | "startedAt">;

const outsideKinds: ReadonlySet<string> = new Set(["io", "ioError", "tx"]);

/** The hashes of the large values that the facts of these rows follow from. */
export function blobsOfFacts(records: readonly RecordRow[]): string[] {
  return records.flatMap((record) =>
    entriesOf(record)
      .filter((entry) => entry.ref === true && isRead(entry))
      .map(({ value }) => value),
  );
}

/** Whether facts follow from the value of an entry: of a model call, a failure, or what may be a model's cached answer. */
function isRead({ kind, cache }: JournalEntry): boolean {
  return kind === "model" || kind === "ioError" || (kind === "io" && cache === "hit");
}

function callOf({ name, inputHash, attempt }: JournalEntry): string {
  return `${name}\n${inputHash}\n${attempt}`;
}

function entriesOf(record: RecordRow): readonly JournalEntry[] {
  switch (record.kind) {
    case "journal":
      return [record.row.entry];
    case "attempt":
      return record.row.entries === undefined ? [] : (JSON.parse(record.row.entries) as JournalEntry[]);
    case "step":
      return detailOf(record.row).entries ?? [];
    case "mark":
      return [];
  }
}

function detailOf({ detail }: StepRow): StepDetail {
  return detail === undefined ? {} : (JSON.parse(detail) as StepDetail);
}

function codeOf(failure: Json | undefined): string | undefined {
  const code =
    typeof failure === "object" && failure !== null && "code" in failure ? failure.code : undefined;
  return typeof code === "string" ? code : undefined;
}

const durationOf = (ms: number): number => Math.max(0, ms);

/** The facts of one run, told through `add` as they become certain. */
export class RunFacts {
  readonly #head: RunHead;
  readonly #runKey: number;
  readonly #keys: DimensionKeys;
  readonly #add: AddFact;
  readonly #steps = new Map<string, StepFacts>();
  #stepCount = 0;
  #callCount = 0;
  #failure: string | undefined;
  #ended: FinishedStatus | undefined;

  constructor(head: RunHead, runKey: number, keys: DimensionKeys, add: AddFact) {
    this.#head = head;
    this.#runKey = runKey;
    this.#keys = keys;
    this.#add = add;
  }

  /** Takes the next row; true if the facts told so far are those of another run, which this one was forked from. */
  take(record: RecordRow, blobs: ReadonlyMap<string, string>): boolean {
    if (record.kind === "mark") return this.#takeMark(record.row);
    const step = this.#stepOf(record.row);
    for (const entry of entriesOf(record)) this.#takeEntry(step, entry, blobs);
    if (record.kind === "attempt") this.#takeAttempt(step, record.row);
    if (record.kind === "step") this.#takeOutcome(step, record.row);
    return false;
  }

  /** Tells the run and what is open of it; false if its rows do not end with its end, so that nothing must be told. */
  finish(): boolean {
    const { status, createdAt, updatedAt, seq, budgetMs, round } = this.#head;
    if (this.#ended !== status) return false;
    for (const step of this.#steps.values()) this.#tell(step);
    this.#steps.clear();
    this.#add("fact_run", {
      ...this.#base(createdAt),
      sequence: seq,
      status,
      failure: this.#failure,
      failed: status === "failed" ? 1 : 0,
      duration_ms: durationOf(updatedAt - createdAt),
      active_ms: durationOf(budgetMs),
      steps: this.#stepCount,
      resumes: round,
    });
    return true;
  }

  #takeMark({ type, data }: MarkRow): boolean {
    if (type === "run.forked") {
      this.#steps.clear();
      this.#stepCount = 0;
      this.#callCount = 0;
      return true;
    }
    const isEnd = type === "run.succeeded" || type === "run.failed" || type === "run.cancelled";
    this.#ended = isEnd ? (type.slice(4) as FinishedStatus) : undefined;
    const told = isEnd && data !== undefined ? (JSON.parse(data) as { failure?: Json }) : {};
    this.#failure = codeOf(told.failure);
    return false;
  }

  #stepOf(row: StepPlace): StepFacts {
    const { scope, superstep, ordinal, node, item } = row;
    const place = `${scope}\n${superstep}\n${ordinal}`;
    const known = this.#steps.get(place);
    if (known !== undefined) return known;
    this.#stepCount += 1;
    const step: StepFacts = {
      number: this.#stepCount,
      id: formatStepId({ scope, superstep, node, ...(item < 0 ? {} : { item }) }),
      nodeKey: this.#keys.node(this.#head.workflow, scope, node),
      startedAt: row.startedAt,
      status: "unfinished",
      failure: undefined,
      durationMs: 0,
      busyMs: 0,
      attempts: 0,
      failures: 0,
      retries: 0,
      cacheAsked: 0,
      cacheHits: 0,
      modelCalls: new Set(),
    };
    this.#steps.set(place, step);
    return step;
  }

  #takeAttempt(step: StepFacts, { outcome, failure, nextAt, durationMs }: AttemptRow): void {
    const failed = outcome === "failed";
    step.attempts += 1;
    step.failures += failed ? 1 : 0;
    step.retries += failed && nextAt !== undefined ? 1 : 0;
    step.status = outcome;
    step.failure = codeOf(JSON.parse(failure) as Json);
    this.#took(step, durationMs);
  }

  #takeOutcome(step: StepFacts, row: StepRow): void {
    const { recovered, cache } = detailOf(row);
    // The attempt whose failure was recovered from has a row of its own.
    if (recovered === undefined) {
      step.attempts += 1;
      this.#took(step, row.durationMs);
    }
    step.status = recovered === undefined ? "succeeded" : "recovered";
    if (cache !== undefined) countAnswer(step, cache.answer);
    this.#tell(step);
    this.#steps.delete(`${row.scope}\n${row.superstep}\n${row.ordinal}`);
  }

  #took(step: StepFacts, durationMs: number): void {
    step.durationMs = durationOf(durationMs);
    step.busyMs += step.durationMs;
  }

  #takeEntry(step: StepFacts, entry: JournalEntry, blobs: ReadonlyMap<string, string>): void {
    const { kind, cache, value, ref } = entry;
    if (kind !== "model" && !outsideKinds.has(kind)) return;
    const text = ref === true && isRead(entry) ? blobs.get(value) : value;
    const result = isRead(entry) && text !== undefined ? (JSON.parse(text) as Json) : null;
    if (cache !== undefined) countAnswer(step, cache);
    // The entry of a model call comes before that of the outside call that it was made for.
    if (kind === "model") this.#tellModelCall(step, entry, result);
    else if (cache === "hit" && cachedModel(result) !== undefined) this.#tellCached(step, entry, result);
    else if (!step.modelCalls.has(callOf(entry))) this.#tellToolCall(step, entry, result);
  }

  #tellModelCall(step: StepFacts, entry: JournalEntry, recorded: Json): void {
    step.modelCalls.add(callOf(entry));
    const { provider, model, failure, inputTokens, outputTokens, cachedTokens, cost, estimate } =
      readModelCall(recorded);
    const place = { ...this.#callColumns(step, entry), model_key: this.#keys.model(provider, model) };
    this.#add("fact_model_call", {
      ...place,
      duration_ms: durationOf(entry.durationMs),
      attempt: entry.attempt,
      failed: failure === undefined ? 0 : 1,
      failure,
      cached: 0,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cached_tokens: cachedTokens,
    });
    if (cost === undefined) return;
    const estimatedAmount = estimate === undefined ? undefined : cost;
    this.#add("fact_cost", { ...place, amount: cost, estimate, estimated_amount: estimatedAmount });
  }

  // What the cache answers takes no tokens and costs nothing.
  #tellCached(step: StepFacts, entry: JournalEntry, answer: Json): void {
    const { provider, model } = cachedModel(answer) ?? { provider: "none", model: "none" };
    this.#add("fact_model_call", {
      ...this.#callColumns(step, entry),
      model_key: this.#keys.model(provider, model),
      duration_ms: durationOf(entry.durationMs),
      attempt: entry.attempt,
      failed: 0,
      cached: 1,
      input_tokens: 0,
      output_tokens: 0,
      cached_tokens: 0,
    });
  }

  #tellToolCall(step: StepFacts, entry: JournalEntry, result: Json): void {
    const { kind, name, effect, cache } = entry;
    const failed = kind === "ioError";
    this.#add("fact_tool_call", {
      ...this.#callColumns(step, entry),
      tool: name,
      effect: kind === "tx" || effect === true ? 1 : 0,
      duration_ms: durationOf(entry.durationMs),
      attempt: entry.attempt,
      failed: failed ? 1 : 0,
      failure: failed ? codeOf(result) : undefined,
      cache_asked: cache === undefined ? 0 : 1,
      cache_hits: cache === "hit" ? 1 : 0,
    });
  }

  #callColumns(step: StepFacts, { at, durationMs }: JournalEntry): Readonly<Record<string, unknown>> {
    this.#callCount += 1;
    return {
      ...this.#base(at - durationOf(durationMs)),
      ...this.#stepColumns(step),
      call_number: this.#callCount,
    };
  }

  #base(startedAt: number): Readonly<Record<string, unknown>> {
    return {
      run_key: this.#runKey,
      run_id: this.#head.runId,
      tenant_key: this.#keys.tenant(this.#head.tenant),
      workflow_key: this.#keys.workflow(this.#head),
      ...this.#keys.day(startedAt),
    };
  }

  #stepColumns({ number, id, nodeKey }: StepFacts): Readonly<Record<string, unknown>> {
    return { step_number: number, step_id: id, node_key: nodeKey, agent_key: this.#keys.noAgent };
  }

  #tell(step: StepFacts): void {
    this.#add("fact_step", {
      ...this.#base(step.startedAt),
      ...this.#stepColumns(step),
      status: step.status,
      failure: step.failure,
      duration_ms: step.durationMs,
      busy_ms: step.busyMs,
      attempts: step.attempts,
      failures: step.failures,
      retries: step.retries,
      cache_asked: step.cacheAsked,
      cache_hits: step.cacheHits,
    });
  }
}

function countAnswer(step: StepFacts, answer: "hit" | "miss"): void {
  step.cacheAsked += 1;
  step.cacheHits += answer === "hit" ? 1 : 0;
}
