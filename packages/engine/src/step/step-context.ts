import {
  type ContextRandom,
  encodeJson,
  type InterruptDeclaration,
  type InterruptOptions,
  type IoCall,
  type IoOptions,
  type JournalEntry,
  type Json,
  type LiveEvent,
  type NodeContext,
  type SeededRandom,
  seededRandom,
  sha256Hex,
  type TransactionSql,
  type TxOptions,
  type WaitOptions,
  type WriteResult,
} from "@agentflow/core";
import { callWait } from "../people/event-call.ts";
import { callInterrupt } from "../people/interrupt-call.ts";
import type { Attempt } from "./attempt.ts";
import { callOutside, type IoRequest } from "./call-outside.ts";
import { checkDuration, checkFunction, checkName } from "./check-call.ts";
import { parsed } from "./recorded-value.ts";
import type { ParkReason, StepHost } from "./step-host.ts";
import { type EntryParts, makeEntry, never, recordEntry, recordedValue } from "./step-record.ts";
import type { StepTask } from "./step-task.ts";
import { writeArtifact } from "./write-artifact.ts";

/**
 * The `ctx` of one attempt: every source of what is not a function of the step's arguments (I3, S8).
 *
 * 1. A call that the journal holds is answered from it and makes nothing happen.
 * 2. Once the attempt is revoked, asynchronous calls never settle and nothing is recorded (S12).
 * 3. Parking leaves a promise that never settles; nothing is thrown through user code (S13).
 */
export class StepContext implements NodeContext {
  readonly #attempt: Attempt;
  readonly #task: StepTask;
  readonly #host: StepHost;
  #random: SeededRandom | undefined;

  constructor(attempt: Attempt, host: StepHost) {
    this.#attempt = attempt;
    this.#task = attempt.task;
    this.#host = host;
  }

  get runId(): string {
    return this.#host.runId;
  }
  get stepId(): string {
    return this.#task.stepId;
  }
  get node(): string {
    return this.#task.node.name;
  }
  get attempt(): number {
    return this.#attempt.number;
  }
  get orderKey(): string {
    return this.#task.orderKey;
  }
  get signal(): AbortSignal {
    return this.#attempt.signal;
  }
  get rng(): ContextRandom {
    return this.#seeded;
  }

  uuid(): string {
    return this.#seeded.uuid();
  }

  now(): number {
    const { clock } = this.#host;
    if (this.#attempt.isOver) return clock.now();
    const call = this.#task.journal.call("now", "now", "");
    if (call.found !== undefined) return parsed(call.found) as number;
    this.#host.beforeCall(this.#task, { kind: "now", name: "now", inputHash: "", input: null });
    const now = clock.now();
    this.#record({ kind: "now", name: "now", inputHash: "", call, json: JSON.stringify(now) });
    return now;
  }

  async io<I, R>(
    name: string,
    input: I,
    call: (input: I, call: IoCall) => R | Promise<R>,
    options: IoOptions<R> = {},
  ): Promise<R> {
    if (this.#attempt.isOver) return never();
    checkName("io", name);
    checkFunction("io", call);
    const request: IoRequest = {
      name,
      input: encodeJson(input, `input of io "${name}"`),
      call: call as IoRequest["call"],
      options: options as IoRequest["options"],
    };
    const value = await callOutside(this.#attempt, this.#host, request);
    return this.#attempt.isOver ? never() : (value as R);
  }

  async tx<I, R extends Json>(
    name: string,
    input: I,
    work: (sql: TransactionSql, input: I) => Promise<R>,
    { timeoutMs }: TxOptions = {},
  ): Promise<R> {
    if (this.#attempt.isOver) return never();
    checkName("tx", name);
    checkFunction("tx", work);
    if (timeoutMs !== undefined) checkDuration("tx", timeoutMs);
    const encoded = encodeJson(input, `input of tx "${name}"`);
    const inputHash = sha256Hex(encoded.json);
    const call = this.#task.journal.call("tx", name, inputHash);
    if (call.found !== undefined) return this.#recorded(call.found) as Promise<R>;
    this.#host.beforeCall(this.#task, { kind: "tx", name, inputHash, input: encoded.value });
    await this.#host.whenDurable(this.#task);
    if (this.#attempt.isOver) return never();
    let entry: JournalEntry | undefined;
    const { turns } = this.#task.journal;
    const record = (value: Json): JournalEntry => {
      const { json } = encodeJson(value ?? null, `result of tx "${name}"`);
      entry = makeEntry(this.#attempt, this.#host, { kind: "tx", name, inputHash, call, json });
      turns.reserve(entry);
      return entry;
    };
    try {
      const bounded = { name, work: (sql: TransactionSql) => work(sql, encoded.value as I), timeoutMs };
      await this.#host.transact(this.#attempt, bounded, record);
    } catch (error) {
      if (entry !== undefined) turns.release(entry);
      throw error;
    }
    return this.#recorded(entry as JournalEntry) as Promise<R>;
  }

  async interrupt<Ask, Answer>(
    declaration: InterruptDeclaration<Ask, Answer>,
    payload: Ask,
    options: InterruptOptions<Answer> = {},
  ): Promise<Answer> {
    if (this.#attempt.isOver) return never();
    return callInterrupt(this.#attempt, this.#host, { declaration, payload, options }) as Promise<Answer>;
  }

  async sleep(name: string, durationMs: number): Promise<void> {
    if (this.#attempt.isOver) return never();
    checkName("sleep", name);
    checkDuration("sleep", durationMs);
    const call = this.#task.journal.call("sleep", name, "");
    const ended = this.#task.journal.call("slept", name, "");
    if (ended.found !== undefined) {
      await this.#recorded(ended.found);
      return;
    }
    const { clock } = this.#host;
    if (call.found === undefined) {
      this.#host.beforeCall(this.#task, { kind: "sleep", name, inputHash: "", input: durationMs });
      await this.#host.whenDurable(this.#task);
      if (this.#attempt.isOver) return never();
      const until = clock.now() + durationMs;
      this.#record({ kind: "sleep", name, inputHash: "", call, json: JSON.stringify(until) });
      return this.#park({ kind: "time", until });
    }
    const until = parsed(call.found) as number;
    return this.#host.hasSlept(until) ? undefined : this.#park({ kind: "time", until });
  }

  async waitFor<T extends Json = Json>(key: string, options: WaitOptions<T> = {}): Promise<T> {
    if (this.#attempt.isOver) return never();
    return callWait(this.#attempt, this.#host, key, options) as Promise<T>;
  }

  async safeWrite(path: string, content: string | Uint8Array): Promise<WriteResult> {
    if (this.#attempt.isOver) return never();
    const written = await writeArtifact(this.#attempt, this.#host, { path, content });
    return this.#attempt.isOver ? never() : written;
  }

  emit(type: "progress" | "token" | "custom", data: Json): void {
    if (this.#attempt.isOver) return;
    const event: Omit<LiveEvent, "ts" | "runId"> = { type, step: this.stepId, data };
    this.#host.live(event);
  }

  get #seeded(): SeededRandom {
    this.#random ??= seededRandom(this.#host.seed, this.stepId);
    return this.#random;
  }

  #recorded(entry: JournalEntry): Promise<Json> {
    return recordedValue(this.#attempt, this.#host, entry);
  }

  #park<T>(reason: ParkReason): Promise<T> {
    this.#host.park(this.#attempt, reason);
    return never();
  }

  #record(parts: EntryParts): void {
    recordEntry(this.#attempt, this.#host, parts);
  }
}
