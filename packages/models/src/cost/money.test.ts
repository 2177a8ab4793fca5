import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dollarsText, nanosOfDollars, nanosOfPicos, picosPerToken } from "./money.ts";

test("a price of up to six decimals is taken exactly", () => {
  assert.equal(picosPerToken(2.5), 2_500_000n);
  assert.equal(picosPerToken(0.075), 75_000n);
  assert.equal(picosPerToken(0.1 + 0.2), 300_000n);
  assert.equal(picosPerToken(0.000001), 1n);
  assert.equal(picosPerToken(0), 0n);
  assert.throws(() => picosPerToken(-1), /AF_ARGUMENT_INVALID|from 0/);
  assert.throws(() => picosPerToken(Number.NaN), /from 0/);
});

test("costs are whole billionths, halves upwards", () => {
  assert.equal(nanosOfPicos(1_499n), 1);
  assert.equal(nanosOfPicos(1_500n), 2);
  assert.equal(nanosOfDollars(0.1), 100_000_000);
});

test("an amount in words is exactly the amount in numbers", () => {
  assert.equal(dollarsText(0), "0.000000");
  assert.equal(dollarsText(150_000), "0.000150");
  assert.equal(dollarsText(1), "0.000000001");
  assert.equal(dollarsText(12_345_678_901), "12.345678901");
  assert.equal(dollarsText(-500_000_000), "-0.500000");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (nanos) => {
      const [whole = "", decimals = ""] = dollarsText(nanos).split(".");
      assert.equal(BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, "0")), BigInt(nanos));
    }),
    { seed: 21 },
  );
});
