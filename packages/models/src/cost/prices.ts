import type { TokenUsage } from "../request.ts";
import { nanosOfPicos, picosPerToken } from "./money.ts";

/** What a model costs from a day on, in dollars per million tokens. Replaces the table's price (MDL-4). */
export interface PriceOverride {
  /** `provider:model`; a `*` at the end stands for any rest. */
  readonly model: string;
  /** Day from which it holds, as YYYY-MM-DD in UTC; from the beginning of time if not given. */
  readonly from?: string;
  readonly input: number;
  readonly output: number;
  /** Of input that is read from a prompt cache; `input` if not given. */
  readonly cached?: number;
  /** Of input that is written into a prompt cache; `input` if not given. */
  readonly cacheWrite?: number;
}

/** What a model costs, in trillionths of a dollar per token. */
export interface Price {
  readonly input: bigint;
  readonly output: bigint;
  readonly cached: bigint;
  readonly cacheWrite: bigint;
}

/** The price of a model for a call with so many input tokens at a time, or undefined if it is not known. */
export type PriceTable = (
  provider: string,
  model: string,
  call: { readonly at: number; readonly inputTokens: number },
) => Price | undefined;

/** Whole billionths of a dollar of a call. Cached tokens are part of the input and are counted once. */
export function costNanos(price: Price, usage: TokenUsage): number {
  const plain = Math.max(0, usage.input - usage.cached - usage.cacheWrite);
  return nanosOfPicos(
    BigInt(plain) * price.input +
      BigInt(usage.cached) * price.cached +
      BigInt(usage.cacheWrite) * price.cacheWrite +
      BigInt(usage.output) * price.output,
  );
}

/** A price of dollars per million tokens. Throws ValidationError for a negative one. */
export function priceOf(dollars: Pick<PriceOverride, "input" | "output" | "cached" | "cacheWrite">): Price {
  const { input, output, cached = input, cacheWrite = input } = dollars;
  return {
    input: picosPerToken(input),
    output: picosPerToken(output),
    cached: picosPerToken(cached),
    cacheWrite: picosPerToken(cacheWrite),
  };
}

function matches(pattern: string, target: string): boolean {
  return pattern.endsWith("*") ? target.startsWith(pattern.slice(0, -1)) : pattern === target;
}

/**
 * A table that asks the overrides first: of those that name the model and hold already, the one that holds last; of two
 * of one day, the later in the list.
 */
export function overriddenPrices(overrides: readonly PriceOverride[], table: PriceTable): PriceTable {
  const dated = overrides.map((each) => ({
    model: each.model,
    from: each.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(`${each.from}T00:00:00Z`),
    price: priceOf(each),
  }));
  return (provider, model, call) => {
    let found: (typeof dated)[number] | undefined;
    for (const each of dated) {
      if (!matches(each.model, `${provider}:${model}`) || each.from > call.at) continue;
      if (found === undefined || each.from >= found.from) found = each;
    }
    return found === undefined ? table(provider, model, call) : found.price;
  };
}
