import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelCall } from "@agentflow/core";
import fc from "fast-check";
import { type CostKey, CostTotals, type LedgerEntry } from "./cost-totals.ts";

const calls = fc.record<ModelCall>({
  provider: fc.constantFrom("openai", "anthropic"),
  model: fc.constantFrom("a", "b"),
  outcome: fc.constantFrom("succeeded", "timeout", "provider_error"),
  inputTokens: fc.nat(1_000_000),
  cachedTokens: fc.nat(1_000),
  cacheWriteTokens: fc.nat(1_000),
  outputTokens: fc.nat(100_000),
  estimated: fc.boolean(),
  costNanos: fc.option(fc.nat(2_000_000_000)),
  expectedNanos: fc.option(fc.nat(2_000_000_000)),
  latencyMs: fc.nat(60_000),
});

const entries = fc.array(
  fc.record<LedgerEntry>({
    tenant: fc.constantFrom("acme", "umbrella"),
    runId: fc.constantFrom("run-1", "run-2", "run-3"),
    workflow: fc.constantFrom("research", "triage"),
    step: fc.constantFrom("0.plan", "1.read[2]"),
    node: fc.constantFrom("plan", "read"),
    at: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    call: calls,
  }),
  { maxLength: 60 },
);

const keys: readonly CostKey[] = ["model", "provider", "workflow", "node", "step", "run", "tenant", "day"];

test("by whatever costs are added up, the totals are exactly the sum of the calls", () => {
  fc.assert(
    fc.property(entries, fc.constantFrom(...keys), (all, by) => {
      const totals = new CostTotals(by);
      for (const entry of all) totals.add(entry);
      const sum = (of: (call: ModelCall) => number): bigint =>
        all.reduce((total, { call }) => total + BigInt(of(call)), 0n);
      const told = totals.totals();
      const added = (of: (total: (typeof told)[number]) => number): bigint =>
        told.reduce((total, each) => total + BigInt(of(each)), 0n);
      assert.equal(
        added((total) => total.calls),
        BigInt(all.length),
      );
      assert.equal(
        added((total) => total.costNanos),
        sum((call) => call.costNanos ?? 0),
      );
      assert.equal(
        added((total) => total.inputTokens),
        sum((call) => call.inputTokens),
      );
      assert.equal(
        added((total) => total.outputTokens),
        sum((call) => call.outputTokens),
      );
      assert.equal(
        added((total) => total.unpriced),
        sum((call) => (call.costNanos === null ? 1 : 0)),
      );
      assert.equal(
        added((total) => total.failed),
        sum((call) => (call.outcome === "succeeded" ? 0 : 1)),
      );
    }),
    { seed: 24, numRuns: 300 },
  );
});

const call: ModelCall = {
  provider: "openai",
  model: "m",
  outcome: "succeeded",
  inputTokens: 10,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 5,
  estimated: false,
  costNanos: 300,
  expectedNanos: 200,
  latencyMs: 7,
};
const entry: LedgerEntry = {
  tenant: "t",
  runId: "r",
  workflow: "w",
  step: "0.plan",
  node: "plan",
  at: Date.parse("2026-03-01T23:59:59Z"),
  call,
};

test("each way of adding up has the key that its name says", () => {
  const keyBy = (by: CostKey): string | undefined => {
    const totals = new CostTotals(by);
    totals.add(entry);
    return totals.totals()[0]?.key;
  };
  assert.deepEqual(keys.map(keyBy), [
    "openai:m",
    "openai",
    "w",
    "w/plan",
    "r/0.plan",
    "r",
    "t",
    "2026-03-01",
  ]);
});

test("the variance compares only calls that succeeded and had an expectation", () => {
  const totals = new CostTotals();
  totals.add(entry);
  totals.add({ ...entry, call: { ...call, expectedNanos: null } });
  totals.add({ ...entry, call: { ...call, outcome: "timeout", costNanos: 9_000 } });
  totals.add({ ...entry, call: { ...call, costNanos: 100 } });
  assert.equal(totals.totals()[0]?.varianceRatio, (300 + 100) / (200 + 200));
  assert.equal(new CostTotals().totals()[0], undefined);
});
