import { type Json, sha256Hex } from "@agentflow/core";
import type { Outside, OutsideCall } from "../corpus/corpus-case.ts";
import type { DurableRecord } from "./durable-record.ts";

/** The answer the outside gives to a call: made of what was asked alone, so that a repetition gets it again. */
export function answerTo({ name, input }: OutsideCall): Json {
  return name === "page"
    ? `${JSON.stringify(input)}`.repeat(2)
    : `${name}:${sha256Hex(JSON.stringify(input)).slice(0, 8)}`;
}

/** The outside of one pretended process after another: it lives on when they end. */
export class OutsideWorld implements Outside {
  readonly salt: string;
  /** How often each idempotency key came in. */
  readonly calls = new Map<string, number>();
  /** How often each attempt of each step was begun. */
  readonly entries = new Map<string, number>();
  /** What happened that must never happen. */
  readonly problems: string[] = [];
  readonly #durable: DurableRecord;
  readonly #isPipelined: boolean;
  /** Calls of each step that were answered since its function began. */
  readonly #answered = new Map<string, OutsideCall[]>();

  constructor(salt: string, durable: DurableRecord, isPipelined: boolean) {
    this.salt = salt;
    this.#durable = durable;
    this.#isPipelined = isPipelined;
  }

  /** Another process begins; what an earlier one had been told counts only if it is durable. */
  forget(): void {
    this.#answered.clear();
  }

  entered(stepId: string, attempt: number): void {
    this.#answered.delete(stepId);
    const key = `${stepId} attempt ${attempt}`;
    this.entries.set(key, (this.entries.get(key) ?? 0) + 1);
    if (this.#durable.hasStep(stepId))
      this.problems.push(`${stepId} ran again after its outcome was committed`);
    if (this.#durable.hasEnded(stepId, attempt))
      this.problems.push(`attempt ${attempt} of ${stepId} ran again after its failure was committed`);
  }

  async act(call: OutsideCall, caller: { readonly isOvertaken?: boolean } = {}): Promise<Json> {
    const { idempotencyKey } = call;
    this.calls.set(idempotencyKey, (this.calls.get(idempotencyKey) ?? 0) + 1);
    if (caller.isOvertaken !== true) this.#judge(call);
    for (let turns = turnsOf(call); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    const answered = this.#answered.get(call.stepId) ?? [];
    if (caller.isOvertaken !== true) this.#answered.set(call.stepId, [...answered, call]);
    return answerTo(call);
  }

  #judge(call: OutsideCall): void {
    const { stepId, name } = call;
    if (this.#durable.hasResult(call))
      this.problems.push(`${name} of ${stepId} was called again although its result was durable`);
    for (const earlier of this.#answered.get(stepId) ?? []) {
      const isRepeated = earlier.idempotencyKey === call.idempotencyKey;
      if (this.#isPipelined || isRepeated || this.#durable.hasResult(earlier)) continue;
      this.problems.push(`${name} of ${stepId} was called before the result of ${earlier.name} was durable`);
    }
  }
}

/** Calls are answered after different times, so that steps that begin together end apart. */
function turnsOf({ name, input }: OutsideCall): number {
  return 1 + 4 * (Number.parseInt(sha256Hex(JSON.stringify([name, input])).slice(0, 2), 16) % 4);
}
