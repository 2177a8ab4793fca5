import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../encoding/canonical-json.ts";
import { sha256Hex } from "../encoding/sha256.ts";
import { InvariantError } from "../errors/invariant.ts";
import { compareOrderPath, type OrderKeyParts, orderKey } from "./order-key.ts";
import { sfc32 } from "./sfc32.ts";
import { formatStepId } from "./step-id.ts";

const seed = 20_261_120;

const entry: OrderKeyParts = {
  scope: "",
  superstep: 0,
  ordinal: 0,
  firstPredecessorId: null,
  node: "plan",
  edge: null,
  item: null,
};

test("the order key is hex8(n), hex8(ordinal) and the SHA-256 of the canonical identity (S3)", () => {
  const nested = { scope: "3.child[0]", superstep: 255, ordinal: 16, firstPredecessorId: "3.child[0]/254.a" };
  for (const parts of [entry, { ...entry, ...nested, node: "read-2.x_", edge: 4, item: 7 }]) {
    const { scope, firstPredecessorId, node, edge, item } = parts;
    const identity = sha256Hex(canonicalJson([scope, firstPredecessorId, node, edge, item]));
    const position = parts === entry ? "0000000000000000" : "000000ff00000010";
    assert.equal(orderKey(parts), position + identity);
  }
});

test("a position that has no eight digits is a bug, not a wrong order", () => {
  for (const superstep of [-1, 0.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => orderKey({ ...entry, superstep }), InvariantError);
  }
});

test("a step comes after the steps inside it and before the next step of its scope (S3)", () => {
  const parent = [orderKey({ ...entry, node: "child" })];
  const inner = [...parent, orderKey({ ...entry, scope: "0.child", superstep: 9 })];
  const sibling = [orderKey({ ...entry, ordinal: 1 })];
  assert.deepEqual([sibling, parent, inner].sort(compareOrderPath), [inner, parent, sibling]);
  assert.equal(compareOrderPath(inner, [...inner]), 0);
});

interface PathStep {
  readonly path: readonly (readonly [superstep: number, ordinal: number])[];
  readonly keys: readonly string[];
}

/** Steps of a random run: loops (supersteps), fan-out (ordinals and items), nesting. */
function randomRun(choose: () => number, stepsMax: number): PathStep[] {
  const steps: PathStep[] = [];
  const fill = (scope: string, above: PathStep): void => {
    let previous: string | null = null;
    const supersteps = 1 + (choose() % 12);
    for (let superstep = 0; superstep < supersteps; superstep++) {
      const width = 1 + (choose() % 8);
      const fanOut = choose() % 2 === 0;
      let first: string | null = null;
      for (let ordinal = 0; ordinal < width && steps.length < stepsMax; ordinal++) {
        const item = fanOut ? ordinal : null;
        const node = fanOut ? "read" : `w${ordinal}`;
        const stepId = formatStepId({ scope, superstep, node, item: item ?? undefined });
        const parts = {
          scope,
          superstep,
          ordinal,
          firstPredecessorId: previous,
          node,
          edge: choose() % 3,
          item,
        };
        const step = {
          path: [...above.path, [superstep, ordinal] as const],
          keys: [...above.keys, orderKey(parts)],
        };
        first ??= stepId;
        if (above.path.length < 4 && choose() % 5 === 0) fill(stepId, step);
        steps.push(step);
      }
      previous = first;
    }
  };
  while (steps.length < stepsMax) {
    // Each root superstep block is a run of its own scope under a distinct parent.
    const root = {
      path: [[steps.length, 0] as const],
      keys: [orderKey({ ...entry, superstep: steps.length })],
    };
    fill(`${steps.length}.root`, root);
  }
  return steps;
}

test("order keys of 10,000 steps are unique and ascending keys are path order (S3, ENG-11)", () => {
  fc.assert(
    fc.property(fc.nat(), (runSeed) => {
      const choose = sfc32(sha256Hex(String(runSeed)));
      const steps = randomRun(choose, 10_000);
      assert.ok(steps.length >= 10_000);
      assert.equal(new Set(steps.map((step) => step.keys.at(-1))).size, steps.length);
      const shuffled = steps.map((step) => ({ step, place: choose() }));
      shuffled.sort((a, b) => a.place - b.place);
      const byKeys = shuffled.map(({ step }) => step).sort((a, b) => compareOrderPath(a.keys, b.keys));
      // A scope is filled before its parent is listed, so the order of creation is path order.
      const firstWrong = steps.findIndex((step, index) => byKeys[index] !== step);
      assert.deepEqual(byKeys[firstWrong]?.path, steps[firstWrong]?.path);
    }),
    { seed, numRuns: 3 },
  );
});
