import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "@agentflow/contracts";
import fc from "fast-check";
import { Breaker, type Evidence } from "./breaker.ts";

const options = { threshold: 3, cooldownMs: 1_000 };

function end(breaker: Breaker, evidence: Evidence): void {
  const tell = breaker.enter();
  assert.ok(tell !== undefined);
  tell(evidence);
}

test("failures in a row open the breaker, a success between them does not let it come so far", () => {
  const breaker = new Breaker(options, new FakeClock());
  for (const evidence of ["failure", "failure", "success", "failure", "failure"] as const)
    end(breaker, evidence);
  assert.equal(breaker.state, "closed");
  end(breaker, "failure");
  assert.equal(breaker.state, "open");
  assert.equal(breaker.enter(), undefined);
});

test("after the cooldown one call goes through, and decides for all", () => {
  const clock = new FakeClock();
  const breaker = new Breaker({ ...options, threshold: 1 }, clock);
  end(breaker, "failure");
  clock.advance(999);
  assert.equal(breaker.enter(), undefined);
  clock.advance(1);
  const probe = breaker.enter();
  assert.ok(probe !== undefined);
  assert.equal(breaker.enter(), undefined);
  probe("failure");
  assert.equal(breaker.state, "open");
  clock.advance(1_000);
  breaker.enter()?.("success");
  assert.equal(breaker.state, "closed");
});

test("a probe whose end tells nothing lets the next call try", () => {
  const clock = new FakeClock();
  const breaker = new Breaker({ ...options, threshold: 1 }, clock);
  end(breaker, "failure");
  clock.advance(1_000);
  end(breaker, "none");
  assert.equal(breaker.state, "half-open");
  end(breaker, "success");
  assert.equal(breaker.state, "closed");
});

test("calls that end without blaming the provider never open the breaker", () => {
  const evidence = fc.array(fc.constantFrom<Evidence>("success", "none"), { maxLength: 50 });
  fc.assert(
    fc.property(evidence, (ends) => {
      const breaker = new Breaker({ threshold: 1, cooldownMs: 1 }, new FakeClock());
      for (const each of ends) end(breaker, each);
      assert.equal(breaker.state, "closed");
    }),
    { seed: 20, numRuns: 100 },
  );
});

test("a call that began before the breaker opened does not close it", () => {
  const breaker = new Breaker({ ...options, threshold: 1 }, new FakeClock());
  const early = breaker.enter();
  end(breaker, "failure");
  early?.("success");
  assert.equal(breaker.state, "open");
});
