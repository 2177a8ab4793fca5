import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { costNanos, overriddenPrices, type Price, priceOf } from "./prices.ts";
import { publishedPrices } from "./published-prices.ts";

const at = Date.parse("2026-01-15T12:00:00Z");

function published(provider: string, model: string, inputTokens = 0): Price {
  const price = publishedPrices(provider, model, { at, inputTokens });
  assert.ok(price !== undefined, `${provider}:${model}`);
  return price;
}

/** Dollars per million tokens that the providers publish. */
const known = [
  { provider: "openai", model: "gpt-4o", input: 2.5, cached: 1.25, cacheWrite: 2.5, output: 10 },
  { provider: "openai", model: "gpt-4o-mini", input: 0.15, cached: 0.075, cacheWrite: 0.15, output: 0.6 },
  {
    provider: "anthropic",
    model: "claude-3-5-haiku-latest",
    input: 0.8,
    cached: 0.08,
    cacheWrite: 1,
    output: 4,
  },
] as const;

test("100 calls with known tokens cost exactly what the published prices make them", () => {
  let total = 0;
  let expectedMillionths = 0n;
  for (let call = 0; call < 100; call++) {
    const { provider, model, ...dollars } = known[call % known.length] as (typeof known)[number];
    const usage = {
      input: 1_000 + 37 * call,
      cached: 11 * call,
      cacheWrite: 3 * call,
      output: 200 + 13 * call,
    };
    total += costNanos(published(provider, model), usage);
    // In millionths of a millionth of a dollar, by hand: prices have three decimals at most.
    const thousandths = (price: number): bigint => BigInt(Math.round(price * 1_000));
    expectedMillionths +=
      BigInt(usage.input - usage.cached - usage.cacheWrite) * thousandths(dollars.input) +
      BigInt(usage.cached) * thousandths(dollars.cached) +
      BigInt(usage.cacheWrite) * thousandths(dollars.cacheWrite) +
      BigInt(usage.output) * thousandths(dollars.output);
  }
  // A thousandth of a dollar per million tokens is a billionth of a dollar per token.
  assert.equal(BigInt(total), expectedMillionths);
});

test("a model that the table does not know has no price, and one that has no provider of its name neither", () => {
  assert.equal(publishedPrices("openai", "no-such-model-9000", { at, inputTokens: 0 }), undefined);
  assert.equal(publishedPrices("vllm", "qwen3-of-our-own", { at, inputTokens: 0 }), undefined);
});

test("the price of a long context holds for the whole call", () => {
  const short = published("google", "gemini-2.5-pro", 200_000);
  const long = published("google", "gemini-2.5-pro", 200_001);
  assert.equal(long.input, 2n * short.input);
});

test("an override replaces the table from its day on, and the later of two wins", () => {
  const table = overriddenPrices(
    [
      { model: "openai:gpt-4o", from: "2026-02-01", input: 2, output: 8 },
      { model: "openai:gpt-4o", from: "2026-03-01", input: 1, output: 4 },
      { model: "vllm:*", input: 0.05, output: 0.1 },
    ],
    publishedPrices,
  );
  const input = (day: string): bigint | undefined =>
    table("openai", "gpt-4o", { at: Date.parse(`${day}T00:00:00Z`), inputTokens: 0 })?.input;
  assert.equal(input("2026-01-31"), 2_500_000n);
  assert.equal(input("2026-02-01"), 2_000_000n);
  assert.equal(input("2026-03-02"), 1_000_000n);
  assert.equal(table("vllm", "qwen3", { at, inputTokens: 0 })?.output, 100_000n);
});

test("cached tokens are part of the input and are counted once", () => {
  const price = priceOf({ input: 10, cached: 1, cacheWrite: 20, output: 0 });
  assert.equal(
    costNanos(price, { input: 100, cached: 60, cacheWrite: 10, output: 0 }),
    300_000 + 60_000 + 200_000,
  );
});

test("a cost is off by less than a billionth of a dollar, and grows with every kind of token", () => {
  const tokens = fc.nat(1_000_000);
  const dollars = fc.nat(100_000_000).map((millionths) => millionths / 1_000_000);
  fc.assert(
    fc.property(tokens, tokens, dollars, dollars, (input, output, inputPrice, outputPrice) => {
      const price = priceOf({ input: inputPrice, output: outputPrice });
      const usage = { input, cached: 0, cacheWrite: 0, output };
      const cost = costNanos(price, usage);
      const picos = BigInt(input) * price.input + BigInt(output) * price.output;
      const off = BigInt(cost) * 1_000n - picos;
      assert.ok(off <= 500n && off >= -500n, String(off));
      assert.ok(costNanos(price, { ...usage, output: output + 1 }) >= cost);
    }),
    { seed: 23 },
  );
});
