import {
  type ContextRandom,
  encodeJson,
  type InterruptDeclaration,
  type IoCall,
  type IoOptions,
  type JournalEntry,
  type JournalKind,
  type Json,
  type LiveEvent,
  type NodeContext,
  type SeededRandom,
  seededRandom,
  sha256Hex,
  type TransactionSql,
  type WriteResult,
} from "@agentflow/core";
import type { Call } from "../journal/step-journal.ts";
import type { Attempt } from "./attempt.ts";
import { callOutside, type IoRequest, takeTurn } from "./call-outside.ts";
import { checkDuration, checkFunction, checkName } from "./check-call.ts";
import { parsed } from "./recorded-value.ts";
import type { ParkReason, StepHost } from "./step-host.ts";
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
    if (this.#attempt.isRevoked) return clock.now();
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
    if (this.#attempt.isRevoked) return never();
    checkName("io", name);
    checkFunction("io", call);
    const request: IoRequest = {
      name,
      input: encodeJson(input, `input of io "${name}"`),
      call: call as IoRequest["call"],
      options: options as IoRequest["options"],
    };
    const value = await callOutside(this.#attempt, this.#host, request);
    return this.#attempt.isRevoked ? never() : (value as R);
  }

  async tx<I, R extends Json>(
    name: string,
    input: I,
    work: (sql: TransactionSql, input: I) => Promise<R>,
  ): Promise<R> {
    if (this.#attempt.isRevoked) return never();
    checkName("tx", name);
    checkFunction("tx", work);
    const encoded = encodeJson(input, `input of tx "${name}"`);
    const inputHash = sha256Hex(encoded.json);
    const call = this.#task.journal.call("tx", name, inputHash);
    if (call.found !== undefined) return this.#recorded(call.found) as Promise<R>;
    this.#host.beforeCall(this.#task, { kind: "tx", name, inputHash, input: encoded.value });
    await this.#host.whenDurable(this.#task);
    if (this.#attempt.isRevoked) return never();
    let result: Json = null;
    const entry = (value: Json): JournalEntry => {
      const { json, value: kept } = encodeJson(value ?? null, `result of tx "${name}"`);
      result = kept;
      return this.#entry({ kind: "tx", name, inputHash, call, json });
    };
    await this.#host.transact(this.#attempt, (sql) => work(sql, encoded.value as I), entry);
    return this.#attempt.isRevoked ? never() : (result as R);
  }

  async interrupt<Ask, Answer>(
    declaration: InterruptDeclaration<Ask, Answer>,
    payload: Ask,
  ): Promise<Answer> {
    if (this.#attempt.isRevoked) return never();
    const { name } = declaration;
    checkName("interrupt", name);
    const encoded = encodeJson(payload ?? null, `payload of interrupt "${name}"`);
    const asked = this.#task.journal.call("interrupt", name, "");
    const answered = this.#task.journal.call("answer", name, "");
    if (answered.found !== undefined)
      return ((await this.#recorded(answered.found)) as { value: Answer }).value;
    if (asked.found === undefined) {
      this.#host.beforeCall(this.#task, { kind: "interrupt", name, inputHash: "", input: encoded.value });
      await this.#host.whenDurable(this.#task);
      if (this.#attempt.isRevoked) return never();
      this.#record({ kind: "interrupt", name, inputHash: "", call: asked, json: encoded.json });
    }
    const id = `${this.stepId}#${name}[${asked.nth}]`;
    const answer = this.#host.answerTo(id);
    if (answer === undefined) return this.#park({ kind: "answer", key: id });
    const by = answer.by === undefined ? "" : `"by":${JSON.stringify(answer.by)},`;
    const entry = this.#record({
      kind: "answer",
      name,
      inputHash: "",
      call: answered,
      json: `{${by}"inbox":${answer.id},"value":${answer.value}}`,
    });
    return (parsed(entry) as { value: Answer }).value;
  }

  async sleep(name: string, durationMs: number): Promise<void> {
    if (this.#attempt.isRevoked) return never();
    checkName("sleep", name);
    checkDuration("sleep", durationMs);
    const call = this.#task.journal.call("sleep", name, "");
    const { clock } = this.#host;
    if (call.found === undefined) {
      this.#host.beforeCall(this.#task, { kind: "sleep", name, inputHash: "", input: durationMs });
      await this.#host.whenDurable(this.#task);
      if (this.#attempt.isRevoked) return never();
      const until = clock.now() + durationMs;
      this.#record({ kind: "sleep", name, inputHash: "", call, json: JSON.stringify(until) });
      return this.#park({ kind: "time", until });
    }
    const until = parsed(call.found) as number;
    return until <= clock.now() ? undefined : this.#park({ kind: "time", until });
  }

  async waitFor<T extends Json = Json>(key: string): Promise<T> {
    if (this.#attempt.isRevoked) return never();
    checkName("waitFor", key);
    const waiting = this.#task.journal.call("wait", key, "");
    const ended = this.#task.journal.call("event", key, "");
    if (ended.found !== undefined) return ((await this.#recorded(ended.found)) as { value: T }).value;
    if (waiting.found === undefined) {
      this.#host.beforeCall(this.#task, { kind: "wait", name: key, inputHash: "", input: null });
      this.#record({ kind: "wait", name: key, inputHash: "", call: waiting, json: "null" });
    }
    const event = this.#host.takeEvent(key);
    if (event === undefined) return this.#park({ kind: "event", key });
    const json = `{"inbox":${event.id},"value":${event.value}}`;
    const entry = this.#record({ kind: "event", name: key, inputHash: "", call: ended, json });
    return (parsed(entry) as { value: T }).value;
  }

  async safeWrite(path: string, content: string | Uint8Array): Promise<WriteResult> {
    if (this.#attempt.isRevoked) return never();
    const written = await writeArtifact(this.#attempt, this.#host, { path, content });
    return this.#attempt.isRevoked ? never() : written;
  }

  emit(type: "progress" | "token" | "custom", data: Json): void {
    if (this.#attempt.isRevoked) return;
    const event: Omit<LiveEvent, "ts" | "runId"> = { type, step: this.stepId, data };
    this.#host.live(event);
  }

  get #seeded(): SeededRandom {
    this.#random ??= seededRandom(this.#host.seed, this.stepId);
    return this.#random;
  }

  async #recorded(entry: JournalEntry): Promise<Json> {
    await takeTurn(this.#attempt, this.#host, entry);
    return this.#attempt.isRevoked ? never() : parsed(entry);
  }

  #park<T>(reason: ParkReason): Promise<T> {
    this.#host.park(this.#attempt, reason);
    return never();
  }

  #record(given: EntryParts): JournalEntry {
    const entry = this.#entry(given);
    this.#task.journal.add(entry);
    this.#host.record(this.#task, entry);
    return entry;
  }

  #entry({ kind, name, inputHash, call, json }: EntryParts): JournalEntry {
    const { index, nth } = call;
    const at = this.#host.clock.now();
    return {
      index,
      kind,
      name,
      inputHash,
      nth,
      attempt: this.#attempt.number,
      value: json,
      at,
      durationMs: 0,
    };
  }
}

interface EntryParts {
  readonly kind: JournalKind;
  readonly name: string;
  readonly inputHash: string;
  readonly call: Call;
  readonly json: string;
}

/** Nothing holds on to it, so whoever awaits it is collected. */
function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
