import { calcPrice } from "@pydantic/genai-prices";
import { type Price, type PriceTable, priceOf } from "./prices.ts";

/**
 * Prices that the providers publish, from the table of @pydantic/genai-prices, which holds dated and tiered prices of
 * several hundred models. Only the rates are taken from it: it adds floating-point numbers up, and costs have to be exact.
 */
export const publishedPrices: PriceTable = (provider, model, { at, inputTokens }) => {
  const found = calcPrice({}, model, { providerId: provider, timestamp: new Date(at) });
  return found === null ? undefined : rates(found.model_price, inputTokens);
};

type Rate = number | { readonly base: number; readonly tiers: readonly { start: number; price: number }[] };

/** A tier holds for the whole call once its input is longer than where the tier starts, as the providers bill it. */
function rateAt(rate: Rate | undefined, inputTokens: number): number | undefined {
  if (rate === undefined || typeof rate === "number") return rate;
  return rate.tiers.reduce((price, tier) => (inputTokens > tier.start ? tier.price : price), rate.base);
}

function rates(prices: object, inputTokens: number): Price | undefined {
  const { input_mtok, output_mtok, cache_read_mtok, cache_write_mtok } = prices as Partial<
    Record<"input_mtok" | "output_mtok" | "cache_read_mtok" | "cache_write_mtok", Rate>
  >;
  const input = rateAt(input_mtok, inputTokens);
  if (input === undefined) return undefined;
  return priceOf({
    input,
    output: rateAt(output_mtok, inputTokens) ?? 0,
    cached: rateAt(cache_read_mtok, inputTokens) ?? input,
    cacheWrite: rateAt(cache_write_mtok, inputTokens) ?? input,
  });
}
