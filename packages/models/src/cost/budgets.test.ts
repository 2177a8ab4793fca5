import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelError } from "@agentflow/core";
import fc from "fast-check";
import { type BudgetLimit, Budgets, type CallOwner, type Reservation } from "./budgets.ts";

const owner: CallOwner = { tenant: "acme", runId: "run-1", model: "openai:m" };
const dollar = 1_000_000_000;

test("what is held back for calls under way is not free for another", () => {
  const budgets = new Budgets([{ per: "run", dollars: 1 }]);
  const held = budgets.reserve(owner, 0.6 * dollar);
  assert.throws(
    () => budgets.reserve(owner, 0.5 * dollar),
    (error) =>
      error instanceof ModelError &&
      error.code === "AF_MODEL_BUDGET" &&
      /run run-1 is \$1\.0/.test(error.message),
  );
  held.settle(0.1 * dollar);
  budgets.reserve(owner, 0.9 * dollar);
});

test("each tenant, run and model has an account of its own, and one limit may be for one of them alone", () => {
  const limits: BudgetLimit[] = [
    { per: "tenant", dollars: 1 },
    { per: "model", of: "openai:m", dollars: 0.5 },
  ];
  const budgets = new Budgets(limits);
  budgets.reserve(owner, 0.5 * dollar).settle(0.5 * dollar);
  assert.throws(() => budgets.reserve(owner, 1), /model openai:m/);
  const other = { ...owner, model: "openai:small" };
  budgets.reserve(other, 0.5 * dollar).settle(0.5 * dollar);
  assert.throws(() => budgets.reserve(other, 1), /tenant acme/);
  budgets.reserve({ ...other, tenant: "umbrella" }, 1);
});

test("a refused call holds nothing back anywhere", () => {
  const budgets = new Budgets([
    { per: "tenant", dollars: 1 },
    { per: "run", dollars: 0.1 },
  ]);
  assert.throws(() => budgets.reserve(owner, 0.5 * dollar));
  assert.equal(budgets.stateOf({ per: "tenant", of: "acme" }).reservedNanos, 0);
});

test("what was spent before counts, and a reservation is settled once", () => {
  const budgets = new Budgets([{ per: "run", dollars: 1 }]);
  budgets.addSpent(owner, 0.4 * dollar);
  const held = budgets.reserve(owner, 0.2 * dollar);
  held.settle(0.1 * dollar);
  held.settle(0.1 * dollar);
  assert.deepEqual(budgets.stateOf({ per: "run", of: "run-1" }), {
    spentNanos: 0.5 * dollar,
    reservedNanos: 0,
  });
});

test("a call without a run is in no run's account", () => {
  const budgets = new Budgets([{ per: "run", dollars: 0 }]);
  assert.ok(!budgets.applyTo({ ...owner, runId: "" }));
  budgets.reserve({ ...owner, runId: "" }, dollar);
});

test("whatever calls begin and end, spent and held back never exceed the limit while none costs more than was held back", () => {
  const step = fc.record({
    begin: fc.boolean(),
    nanos: fc.nat(40),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const budgets = new Budgets([{ per: "gateway", dollars: 100 / dollar }]);
      const open: { held: Reservation; nanos: number }[] = [];
      let spent = 0;
      for (const { begin, nanos, share } of steps) {
        const oldest = begin ? undefined : open.shift();
        if (oldest !== undefined) {
          const cost = Math.floor(oldest.nanos * share);
          oldest.held.settle(cost);
          spent += cost;
        } else {
          try {
            open.push({ held: budgets.reserve(owner, nanos), nanos });
          } catch (error) {
            assert.ok(error instanceof ModelError);
            const held = open.reduce((sum, each) => sum + each.nanos, 0);
            assert.ok(spent + held + nanos > 100, "refused although it would have fitted");
          }
        }
        const { spentNanos, reservedNanos } = budgets.stateOf({ per: "gateway" });
        assert.equal(spentNanos, spent);
        assert.ok(spentNanos + reservedNanos <= 100);
      }
    }),
    { seed: 22, numRuns: 300 },
  );
});
