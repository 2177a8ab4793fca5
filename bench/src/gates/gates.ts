import { longRunSteps, longRunSystems } from "../memory/long-runs.ts";
import type { Measurements } from "../report/result.ts";
import { floored } from "../systems/catalogue.ts";
import { comparedAt } from "../systems/peers.ts";
import type { SystemId } from "../systems/system.ts";
import { comparedWorkloads } from "../workloads/catalogue.ts";
import { payloadBytes } from "../workloads/workload.ts";
import type { Gate } from "./gate.ts";
import { peerGates } from "./peer-gates.ts";
import { findResult, ratioOf } from "./ratios.ts";

/** A series is flat when its largest size costs at most this many times its cheapest size of 100 or more. */
export const flatnessTolerance = 1.5;

/** The gates of the peers, ENG-60, ENG-61 and ENG-62, the stored bytes and the start, each by name. */
export function gates(measurements: Measurements): Gate[] {
  return [
    ...peerGates(measurements),
    ...floorGates(measurements),
    ...cpuGates(measurements),
    ...sizeGates(measurements),
    ...flatnessGates(measurements),
    ...memoryGates(measurements),
    ...startupGates(measurements),
  ];
}

/** Each store at each level is within two times of its floor. */
function floorGates(measurements: Measurements): Gate[] {
  return comparedAt.flatMap((workload) =>
    floored.map(
      ({ label, system, floor }): Gate => ({
        name: `${workload}: ${label} against its floor`,
        measured: ratioOf(measurements, workload, system, floor),
        limit: 0.5,
        bound: "at least",
        unit: "x",
      }),
    ),
  );
}

/** The engine's own CPU (ENG-60): all of it in memory; on SQLite what is above the statements that its floor re-issues. */
function cpuGates(measurements: Measurements): Gate[] {
  const cpu = (system: SystemId) => findResult(measurements, "W1", system)?.cpuUsPerStep;
  const [memory, sqlite, floor] = [
    cpu("agentflow-memory"),
    cpu("agentflow-sqlite-normal"),
    cpu("floor-sqlite-normal"),
  ];
  const limits = { limit: 25, bound: "at most", unit: "us" } as const;
  return [
    { name: "W1: engine CPU per step, memory", measured: memory, ...limits },
    {
      name: "W1: engine CPU per step, SQLite normal less its floor",
      measured: sqlite === undefined || floor === undefined ? undefined : sqlite - floor,
      ...limits,
    },
  ];
}

/** A run holds no more memory the longer it gets. */
function memoryGates({ memory }: Measurements): Gate[] {
  const peak = (system: SystemId, size: number) =>
    memory.find((point) => point.system === system && point.steps === size)?.peakRssMb;
  return longRunSystems.map((system): Gate => {
    const [shorter, longer] = longRunSteps.map((steps) => peak(system, steps));
    return {
      name: `peak RSS at ${longRunSteps[1]} steps over that at ${longRunSteps[0]}, ${system}`,
      measured: shorter === undefined || longer === undefined ? undefined : longer / shorter,
      limit: 1.25,
      bound: "at most",
      unit: "x",
    };
  });
}

function sizeGates(measurements: Measurements): Gate[] {
  const rewritten = comparedWorkloads.find(({ id }) => id === "W4-rewritten")?.workload;
  if (rewritten?.kind !== "large-state") throw new Error("W4-rewritten is not a large-state workload");
  const stored = (workload: string) =>
    findResult(measurements, workload, "agentflow-sqlite-normal")?.storedBytes;
  const storedRewritten = stored("W4-rewritten");
  return [
    {
      name: "W4: bytes stored, value unchanged",
      measured: stored("W4-unchanged"),
      limit: 60_000,
      bound: "at most",
      unit: "bytes",
    },
    {
      name: "W4: bytes stored over payload, value rewritten",
      measured: storedRewritten === undefined ? undefined : storedRewritten / payloadBytes(rewritten),
      limit: 1.4,
      bound: "at most",
      unit: "x",
    },
  ];
}

function flatnessGates({ flatness }: Measurements): Gate[] {
  const keys = [...new Set(flatness.map(({ series, system }) => `${series} ${system}`))];
  return keys.map((key): Gate => {
    const points = flatness.filter(({ series, system }) => `${series} ${system}` === key);
    const largest = points.reduce((a, b) => (b.size > a.size ? b : a));
    const cheapest = Math.min(
      ...points.filter(({ size }) => size >= 100 && size < largest.size).map(({ usPerStep }) => usPerStep),
    );
    return {
      name: `${key}: cost at ${largest.size} over the cheapest smaller size`,
      measured: Number.isFinite(cheapest) ? largest.usPerStep / cheapest : undefined,
      limit: flatnessTolerance,
      bound: "at most",
      unit: "x",
    };
  });
}

function startupGates({ startup, startupBuild }: Measurements): Gate[] {
  const packed = startupBuild === "packed" ? startup : [];
  const started = packed.find(({ starter }) => starter === "agentflow-sqlite-normal");
  return [
    {
      name: "first step after process start, packed build",
      measured: started?.firstStepMs,
      limit: 150,
      bound: "at most",
      unit: "ms",
    },
    {
      name: "peak RSS after 1,000 steps, packed build",
      measured: started?.loopRssMb,
      limit: 90,
      bound: "at most",
      unit: "MB",
    },
  ];
}
