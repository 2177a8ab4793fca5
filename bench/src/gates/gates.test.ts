import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlatnessPoint, Measurements, Result } from "../report/result.ts";
import type { SystemId } from "../systems/system.ts";
import { regressions, updateBaseline } from "./baseline.ts";
import { gateHolds } from "./gate.ts";
import { gates } from "./gates.ts";
import { ratios } from "./ratios.ts";

test("a speed gate holds from its limit on and fails below it", () => {
  const at = (ours: number) =>
    holds(measurements([result("agentflow-sqlite-normal", ours), result("langgraph-sqlite", 100)]), [
      "W1: SQLite normal against LangGraph SQLite",
    ]);
  assert.deepEqual(at(1000), [true]);
  assert.deepEqual(at(999), [false]);
});

test("a gate whose systems were not measured is neither held nor failed", () => {
  assert.deepEqual(holds(measurements([]), ["W1: memory against LangGraph memory"]), [undefined]);
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

test("an update of the baseline keeps the tolerance and what was not measured", () => {
  const measured = ratios(measurements([result("agentflow-memory", 777.7), result("langgraph-memory", 100)]));
  assert.deepEqual(updateBaseline({ tolerance: 0.3, ratios: { other: 2 } }, measured), {
    tolerance: 0.3,
    ratios: { "W1 agentflow-memory / langgraph-memory": 7.78, other: 2 },
  });
});

function holds(measured: Measurements, names: readonly string[]): (boolean | undefined)[] {
  const all = gates(measured);
  return names.map((name) => {
    const gate = all.find((each) => each.name === name);
    assert.ok(gate, `no gate is named ${name}`);
    return gateHolds(gate);
  });
}

function result(system: SystemId, stepsPerSecond: number): Result {
  return {
    workload: "W1",
    system,
    steps: 1000,
    wallMs: 1,
    wallSpread: 0,
    stepsPerSecond,
    cpuUsPerStep: 1,
    rounds: 5,
  };
}

function point(size: number, usPerStep: number): FlatnessPoint {
  return { series: "flat-steps", title: "steps", system: "agentflow-memory", size, usPerStep };
}

function measurements(results: readonly Result[], flatness: readonly FlatnessPoint[] = []): Measurements {
  return {
    machine: {
      date: "2026-01-01",
      cpu: "any",
      cores: 1,
      memoryGb: 1,
      loadAverage: 0,
      node: "24",
      sqlite: "3",
      peers: {},
      commit: "0",
    },
    results,
    flatness,
    startup: [],
    startupBuild: "sources",
    failures: [],
  };
}
