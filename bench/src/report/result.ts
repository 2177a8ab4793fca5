import type { Startup } from "../startup/measure-startup.ts";
import type { SystemId } from "../systems/system.ts";

/** One system at one workload: medians over the rounds. */
export interface Result {
  readonly workload: string;
  readonly system: SystemId;
  /** Counted steps of the workload. */
  readonly steps: number;
  readonly wallMs: number;
  /** The shortest and the longest round. */
  readonly wallMsRange: readonly [number, number];
  readonly stepsPerSecond: number;
  readonly cpuUsPerStep: number;
  readonly storedBytes?: number;
  readonly rounds: number;
}

/** The cost of one size in a series that must be flat. */
export interface FlatnessPoint {
  readonly series: string;
  readonly title: string;
  readonly system: SystemId;
  readonly size: number;
  readonly usPerStep: number;
}

/** The most memory that a fresh process held until a run of so many steps had its result. */
export interface MemoryPoint {
  readonly system: SystemId;
  readonly steps: number;
  readonly peakRssMb: number;
}

/** The machine and the versions a report was made on. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly loadAverage: number;
  readonly node: string;
  readonly sqlite: string;
  /** The database servers with what they sync, or why that is not known. */
  readonly servers: Readonly<Record<string, string>>;
  readonly peers: Readonly<Record<string, string>>;
  readonly commit: string;
}

/** Everything one process run of the benchmark measured. */
export interface Measurements {
  readonly machine: Machine;
  readonly results: readonly Result[];
  readonly flatness: readonly FlatnessPoint[];
  readonly memory: readonly MemoryPoint[];
  readonly startup: readonly Startup[];
  /** Which entry of AgentFlow the starts used. */
  readonly startupBuild: "packed" | "sources";
  /** What gave no figures, and why. */
  readonly failures: readonly { readonly what: string; readonly message: string }[];
}
