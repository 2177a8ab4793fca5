import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "@agentflow/core";
import { parseBaseline, regressions, updatedBaseline } from "./baseline.ts";
import { outcomeOf } from "./limit.ts";
import type { BenchmarkReport } from "./run-benchmark.ts";

interface Measured {
  readonly time?: number;
  readonly size?: number;
  readonly skipped?: number;
}

function report(
  { time = 1.2, size = 5.2, skipped = 92 }: Measured,
  rows = 1_000,
): Pick<BenchmarkReport, "rows" | "suites"> {
  const limit = {
    name: "skipped",
    rule: "OLP-20",
    measured: skipped,
    bound: "at least",
    limit: 80,
    unit: "%",
  } as const;
  return {
    rows,
    suites: [
      {
        suite: "aggregations",
        describes: "",
        timings: [],
        figures: [
          { name: "time", value: time, unit: "x", better: "lower" },
          { name: "size", value: size, unit: "x", better: "higher" },
        ],
        limits: [{ ...limit, outcome: outcomeOf(limit) }],
        curves: [],
        faults: [],
        notes: [],
      },
    ],
  };
}

const baseline = updatedBaseline(undefined, report({}));

test("a figure that is worse by more than the tolerance is a regression, in the direction that is worse (OLP-24)", () => {
  const names = (measured: Measured) => regressions(baseline, report(measured)).map(({ name }) => name);
  assert.deepEqual(names({}), []);
  assert.deepEqual(names({ time: 1.2 * 1.34 }), []);
  assert.deepEqual(names({ time: 1.2 * 1.36 }), ["aggregations: time"]);
  assert.deepEqual(names({ time: 0.1 }), []);
  assert.deepEqual(names({ size: 5.2 * 0.66 }), []);
  assert.deepEqual(names({ size: 5.2 * 0.64 }), ["aggregations: size"]);
  assert.deepEqual(names({ size: 50 }), []);
  assert.deepEqual(regressions(baseline, report({ time: 3 })), [
    { name: "aggregations: time", before: "1.2 x", now: "3 x" },
  ]);
});

test("a limit that held and does not any more is a regression; one that never held is none (OLP-24)", () => {
  const missed = report({ skipped: 66 });
  assert.deepEqual(regressions(baseline, missed), [
    { name: "aggregations: skipped", before: "at least 80 %", now: "66 %" },
  ]);
  assert.deepEqual(regressions(updatedBaseline(undefined, missed), missed), []);
});

test("an updated baseline keeps what was not measured and its tolerance, and forgets what no longer holds", () => {
  const before = {
    ...baseline,
    tolerance: 0.1,
    figures: { ...baseline.figures, "storage: other": 2 },
    held: [...baseline.held, "storage: other"],
  };
  const updated = updatedBaseline(before, report({ time: 2, skipped: 66 }));
  assert.deepEqual(updated, {
    version: 1,
    rows: 1_000,
    tolerance: 0.1,
    figures: { "aggregations: size": 5.2, "aggregations: time": 2, "storage: other": 2 },
    held: ["storage: other"],
  });
  assert.deepEqual(Object.keys(updatedBaseline(before, report({}, 2_000)).figures).length, 2);
});

test("a baseline of other rows, or a file that is none, is refused (AF_ARGUMENT_INVALID)", () => {
  assert.throws(() => regressions(baseline, report({}, 2_000)), ValidationError);
  assert.deepEqual(parseBaseline(JSON.stringify(baseline)), baseline);
  const broken = ["{", "null", "{}", '{"version":1}', JSON.stringify({ ...baseline, figures: { a: "1" } })];
  for (const text of broken) assert.throws(() => parseBaseline(text), ValidationError, text);
});
