/**
 * One call of one provider: from the money held back for it to the line in the account (MDL-2 to MDL-7).
 *
 * 1. It begins only with leave of the breaker and of every budget, and ends exactly once.
 * 2. However it ends, the breaker is told, the money held back is settled, and the account gets one ModelCall: what was
 *    used up by a call that failed or was cut short is counted too.
 * 3. Only a failure of the provider counts against it: not what the caller cancelled, limited or asked wrongly.
 */
import { type ModelCall, ModelError, type ModelOutcome } from "@agentflow/core";
import type { Reservation } from "../cost/budgets.ts";
import { estimateInput, estimateTokens, waryBytesPerToken } from "../cost/estimate-tokens.ts";
import { costNanos, type Price, priceOf } from "../cost/prices.ts";
import type { ModelRequest, TokenUsage } from "../request.ts";
import type { Target } from "../route/route.ts";
import type { Evidence } from "./breaker.ts";
import type { CallOptions } from "./call-options.ts";
import { classifyFailure, outcomeOf } from "./classify-failure.ts";
import type { GatewayParts } from "./gateway-parts.ts";

/** The parts of a request that decide what it may cost. */
export type Charged = Pick<ModelRequest, "messages" | "tools" | "output" | "maxOutputTokens">;

/** What a request without a limit of its own is held back for, and what it is expected to take. */
const outputTokens = { reserved: 4_096, expected: 256 } as const;
const free = priceOf({ input: 0, output: 0 });

export class Trial {
  readonly target: Target;
  readonly #parts: GatewayParts;
  readonly #request: Charged;
  readonly #options: CallOptions;
  readonly #abort = new AbortController();
  readonly #begunAt: number;
  readonly #price: Price | undefined;
  readonly #expectedNanos: number | null;
  readonly #reservation: Reservation;
  readonly #tellBreaker: (evidence: Evidence) => void;
  readonly #unlisten: () => void;
  #disarm: () => void = () => undefined;
  #shown = "";
  #firstTokenMs: number | undefined;
  #end: ModelError | "succeeded" | undefined;

  /** Begins a call. Throws ModelError if it is cancelled already, over budget, or its breaker is open. */
  constructor(parts: GatewayParts, target: Target, request: Charged, options: CallOptions) {
    this.#parts = parts;
    this.target = target;
    this.#request = request;
    this.#options = options;
    this.#begunAt = parts.clock.monotonic();
    if (options.signal?.aborted === true) throw cancelled(target, options.signal.reason);
    this.#price = this.#findPrice();
    const usage = {
      input: estimateInput(request),
      cached: 0,
      cacheWrite: 0,
      output: this.#output("expected"),
    };
    this.#expectedNanos = this.#price === undefined ? null : costNanos(this.#price, usage);
    this.#reservation = this.#reserve();
    const leave = parts.breakerOf(target.key).enter();
    if (leave === undefined) {
      this.#reservation.settle(0);
      throw new ModelError(
        "AF_MODEL_CIRCUIT_OPEN",
        `${target.key} failed too often and is left alone for now.`,
        {
          context: { target: target.key },
        },
      );
    }
    this.#tellBreaker = leave;
    const cancel = (): void => this.#abort.abort(cancelled(target, options.signal?.reason));
    options.signal?.addEventListener("abort", cancel, { once: true });
    this.#unlisten = () => options.signal?.removeEventListener("abort", cancel);
  }

  /** Aborts when the caller cancels, and when the provider takes too long. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** How the call failed, if it did. */
  get failure(): ModelError | undefined {
    return this.#end === "succeeded" ? undefined : this.#end;
  }

  /** Whether a reader has seen a part of the answer: then nobody else may begin it anew. */
  get hasShown(): boolean {
    return this.#firstTokenMs !== undefined;
  }

  /** Waits for the provider, and no longer than `timeoutMs` or than the caller does. */
  async within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
    const own = this.#options.timeoutMs;
    const left = own === undefined ? Infinity : own - (this.#parts.clock.monotonic() - this.#begunAt);
    const limitMs = Math.max(0, Math.min(timeoutMs, left));
    const { signal } = this;
    let fail = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      fail = () => reject(signal.reason);
      if (signal.aborted) fail();
      else signal.addEventListener("abort", fail, { once: true });
    });
    const isCallers = left < timeoutMs;
    this.#disarm = this.#parts.clock.setTimer(limitMs, () =>
      this.#abort.abort(this.#tooLate(what, limitMs, isCallers)),
    );
    try {
      return await Promise.race([work, aborted]);
    } finally {
      this.#disarm();
      signal.removeEventListener("abort", fail);
    }
  }

  /** A piece of the answer is about to be shown. */
  show(text: string): void {
    this.#firstTokenMs ??= this.#parts.clock.monotonic() - this.#begunAt;
    this.#shown += text;
  }

  /** The provider has answered: gives what it used and what that costs. */
  succeed(told: TokenUsage | undefined, text: string): { usage: TokenUsage; costNanos: number | null } {
    const usage = told ?? this.#estimated(text);
    const cost = this.#price === undefined ? null : costNanos(this.#price, usage);
    this.#finish("succeeded", { usage, isEstimated: told === undefined, cost });
    return { usage, costNanos: cost };
  }

  /** The call failed, or nobody waits for it any more. Gives the error it is thrown as. */
  fail(error: unknown): ModelError {
    if (this.failure !== undefined) return this.failure;
    const failure = classifyFailure(
      this.#abort.signal.aborted ? this.#abort.signal.reason : error,
      this.target.key,
    );
    if (this.#end !== undefined) return failure;
    // A provider that refused a call has not billed it; one that was left in the middle has.
    const isBilled =
      this.hasShown || failure.code === "AF_MODEL_TIMEOUT" || failure.code === "AF_MODEL_CANCELLED";
    const usage = isBilled ? this.#estimated(this.#shown) : nothingUsed;
    const cost = this.#price === undefined ? (isBilled ? null : 0) : costNanos(this.#price, usage);
    this.#finish(failure, { usage, isEstimated: isBilled, cost });
    this.#abort.abort(failure);
    return failure;
  }

  /** Ends a call that nobody waits for any more, if it has not ended. */
  abandon(): void {
    if (this.#end === undefined) this.fail(cancelled(this.target, "the reader stopped reading"));
  }

  #finish(
    end: ModelError | "succeeded",
    { usage, isEstimated, cost }: { usage: TokenUsage; isEstimated: boolean; cost: number | null },
  ): void {
    this.#end = end;
    this.#disarm();
    this.#unlisten();
    this.#reservation.settle(cost ?? 0);
    this.#tellBreaker(end === "succeeded" ? "success" : evidenceOf(end));
    const outcome: ModelOutcome = end === "succeeded" ? "succeeded" : outcomeOf(end);
    const call: ModelCall = {
      provider: this.target.provider,
      model: this.target.model,
      outcome,
      inputTokens: usage.input,
      cachedTokens: usage.cached,
      cacheWriteTokens: usage.cacheWrite,
      outputTokens: usage.output,
      estimated: isEstimated,
      costNanos: cost,
      expectedNanos: this.#expectedNanos,
      latencyMs: Math.round(this.#parts.clock.monotonic() - this.#begunAt),
      ...(this.#firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(this.#firstTokenMs) }),
    };
    this.#options.account?.(call);
    this.#parts.onCall?.(call);
  }

  #findPrice(): Price | undefined {
    const { provider, model, isFree } = this.target;
    if (isFree) return free;
    const call = { at: this.#parts.clock.now(), inputTokens: estimateInput(this.#request) };
    return this.#parts.prices(provider, model, call);
  }

  #reserve(): Reservation {
    const { tenant = this.#parts.tenant, runId = "" } = this.#options;
    const owner = { tenant, runId, model: this.target.key };
    if (this.#price === undefined) {
      if (!this.#parts.budgets.applyTo(owner)) return this.#parts.budgets.reserve(owner, 0);
      throw new ModelError(
        "AF_MODEL_PRICE_UNKNOWN",
        `A budget applies, and nobody knows what ${owner.model} costs.`,
        {
          context: { target: owner.model },
        },
      );
    }
    const input = estimateInput(this.#request, waryBytesPerToken);
    const usage = { input, cached: 0, cacheWrite: 0, output: this.#output("reserved") };
    return this.#parts.budgets.reserve(owner, costNanos(this.#price, usage));
  }

  #output(kind: keyof typeof outputTokens): number {
    const { maxOutputTokens } = this.#request;
    if (kind === "reserved") return maxOutputTokens ?? outputTokens.reserved;
    return Math.min(maxOutputTokens ?? outputTokens.expected, outputTokens.expected);
  }

  #estimated(text: string): TokenUsage {
    return { input: estimateInput(this.#request), cached: 0, cacheWrite: 0, output: estimateTokens(text) };
  }

  #tooLate(what: string, limitMs: number, isCallers: boolean): ModelError {
    const limit = isCallers ? "its caller's limit" : "the limit";
    return new ModelError(
      "AF_MODEL_TIMEOUT",
      `${this.target.key} did not ${what} within ${limit} of ${limitMs} ms.`,
      {
        context: { target: this.target.key, limitMs, callers: isCallers },
      },
    );
  }
}

const nothingUsed: TokenUsage = { input: 0, cached: 0, cacheWrite: 0, output: 0 };

function cancelled(target: Target, reason: unknown): ModelError {
  return new ModelError("AF_MODEL_CANCELLED", `The call of ${target.key} was cancelled.`, {
    ...(reason instanceof Error ? { cause: reason } : {}),
    context: { target: target.key },
  });
}

function evidenceOf({ code, context }: ModelError): Evidence {
  if (code === "AF_MODEL_PROVIDER") return "failure";
  return code === "AF_MODEL_TIMEOUT" && context["callers"] !== true ? "failure" : "none";
}
