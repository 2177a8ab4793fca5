import type { FlatnessPoint, Measurements, Result } from "../report/result.ts";
import type { SystemId } from "../systems/system.ts";

/** A result of 1,000 steps; at W1 unless said. */
export function result(system: SystemId, stepsPerSecond: number, workload = "W1"): Result {
  return {
    workload,
    system,
    steps: 1000,
    wallMs: 1,
    wallMsRange: [1, 1],
    stepsPerSecond,
    cpuUsPerStep: 1,
    rounds: 5,
  };
}

/** A point of one series. */
export function point(size: number, usPerStep: number): FlatnessPoint {
  return { series: "flat-steps", title: "steps", system: "agentflow-memory", size, usPerStep };
}

/** Measurements of nothing but what is given. */
export function measurements(
  results: readonly Result[],
  flatness: readonly FlatnessPoint[] = [],
): Measurements {
  return {
    machine: {
      date: "2026-01-01",
      cpu: "any",
      cores: 1,
      memoryGb: 1,
      loadAverage: 0,
      node: "24",
      sqlite: "3",
      servers: {},
      peers: {},
      commit: "0",
    },
    results,
    flatness,
    memory: [],
    startup: [],
    startupBuild: "sources",
    failures: [],
  };
}
