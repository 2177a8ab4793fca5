import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurements } from "../report/result.ts";
import { regressions, updateBaseline } from "./baseline.ts";
import { gateHolds } from "./gate.ts";
import { gates } from "./gates.ts";
import { measurements, point, result } from "./measurements.fixture.ts";
import { ratios } from "./ratios.ts";

test("a speed gate holds from its limit on and fails below it", () => {
  const at = (ours: number) =>
    holds(measurements([result("agentflow-sqlite-normal", ours), result("langgraph-sqlite", 100)]), [
      "W1: AgentFlow, SQLite `normal` against LangGraph JS, SQLite saver (WAL, NORMAL)",
    ]);
  assert.deepEqual(at(1000), [true]);
  assert.deepEqual(at(999), [false]);
});

test("a gate whose systems were not measured is neither held nor failed", () => {
  assert.deepEqual(holds(measurements([]), ["W1: AgentFlow, memory against LangGraph JS, memory saver"]), [
    undefined,
  ]);
});

test("the bytes stored for a rewritten value are compared with the bytes that were written", () => {
  const stored = (storedBytes: number) => ({
    ...result("agentflow-sqlite-normal", 1),
    workload: "W4-rewritten",
    storedBytes,
  });
  const name = ["W4: bytes stored over payload, value rewritten"];
  assert.deepEqual(holds(measurements([stored(2_800_000)]), name), [true]);
  assert.deepEqual(holds(measurements([stored(2_800_001)]), name), [false]);
});

test("a series is flat when its largest size costs no more than the tolerance over the cheapest smaller one", () => {
  const series = (last: number) =>
    measurements([], [point(10, 90), point(100, 22), point(1000, 20), point(10_000, last)]);
  const name = ["flat-steps agentflow-memory: cost at 10000 over the cheapest smaller size"];
  assert.deepEqual(holds(series(30), name), [true]);
  assert.deepEqual(holds(series(31), name), [false]);
});

test("the memory of a long run is held against that of a shorter one", () => {
  const memory = (last: number) => [
    { system: "agentflow-sqlite-normal" as const, steps: 30_000, peakRssMb: 100 },
    { system: "agentflow-sqlite-normal" as const, steps: 100_000, peakRssMb: last },
  ];
  const name = ["peak RSS at 100000 steps over that at 30000, agentflow-sqlite-normal"];
  assert.deepEqual(holds(measurements([]), name), [undefined]);
  assert.deepEqual(holds({ ...measurements([]), memory: memory(125) }, name), [true]);
  assert.deepEqual(holds({ ...measurements([]), memory: memory(126) }, name), [false]);
});

test("a start is measured against its gate on the packed build alone", () => {
  const startup = [
    { starter: "agentflow-sqlite-normal" as const, firstStepMs: 100, firstStepRssMb: 60, loopRssMb: 91 },
  ];
  const names = ["first step after process start, packed build", "peak RSS after 1,000 steps, packed build"];
  assert.deepEqual(holds({ ...measurements([]), startup }, names), [undefined, undefined]);
  assert.deepEqual(holds({ ...measurements([]), startup, startupBuild: "packed" }, names), [true, false]);
});

test("a ratio beyond the tolerance below the baseline is a regression, a new ratio is none", () => {
  const measured = ratios(measurements([result("agentflow-memory", 700), result("langgraph-memory", 100)]));
  const name = "W1 agentflow-memory / langgraph-memory";
  assert.deepEqual(regressions({ tolerance: 0.3, ratios: { [name]: 10 } }, measured), []);
  assert.deepEqual(regressions({ tolerance: 0.29, ratios: { [name]: 10 } }, measured), [
    { name, committed: 10, measured: 7 },
  ]);
  assert.deepEqual(regressions({ tolerance: 0, ratios: {} }, measured), []);
});

test("an update of the baseline keeps the tolerance, what is known and what was not measured", () => {
  const measured = ratios(measurements([result("agentflow-memory", 777.7), result("langgraph-memory", 100)]));
  assert.deepEqual(
    updateBaseline({ tolerance: 0.3, unmet: { slow: "why" }, ratios: { other: 2 } }, measured),
    {
      tolerance: 0.3,
      unmet: { slow: "why" },
      ratios: { "W1 agentflow-memory / langgraph-memory": 7.78, other: 2 },
    },
  );
});

function holds(measured: Measurements, names: readonly string[]): (boolean | undefined)[] {
  const all = gates(measured);
  return names.map((name) => {
    const gate = all.find((each) => each.name === name);
    assert.ok(gate, `no gate is named ${name}`);
    return gateHolds(gate);
  });
}
