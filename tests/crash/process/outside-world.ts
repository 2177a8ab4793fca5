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

  constructor(salt: string, durable: DurableRecord) {
    this.salt = salt;
    this.#durable = durable;
  }

  entered(stepId: string, attempt: number): void {
    const key = `${stepId} attempt ${attempt}`;
    this.entries.set(key, (this.entries.get(key) ?? 0) + 1);
    if (this.#durable.hasStep(stepId))
      this.problems.push(`${stepId} ran again after its outcome was committed`);
    if (this.#durable.hasEnded(stepId, attempt))
      this.problems.push(`attempt ${attempt} of ${stepId} ran again after its failure was committed`);
  }

  async act(call: OutsideCall, caller: { readonly isOvertaken?: boolean } = {}): Promise<Json> {
    const { stepId, name, idempotencyKey } = call;
    this.calls.set(idempotencyKey, (this.calls.get(idempotencyKey) ?? 0) + 1);
    if (caller.isOvertaken !== true && this.#durable.hasResult(call))
      this.problems.push(`${name} of ${stepId} was called again although its result was durable`);
    return answerTo(call);
  }
}
