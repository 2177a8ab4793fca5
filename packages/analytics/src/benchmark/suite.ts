import type { DuckSettings } from "../execute/duck-database.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import type { DatasetWish } from "./benchmark-data.ts";
import type { Figure, Limit } from "./limit.ts";
import type { Contender, Measured } from "./measure-rounds.ts";
import type { Peer } from "./peer.ts";
import type { Timing } from "./timing.ts";

/** The timing of one contender. */
export interface NamedTiming extends Timing {
  readonly name: string;
}

/** A line of a chart: how a figure moves with a size. */
export interface Curve {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Drawn on logarithmic scales, on which growth in proportion is a straight line. */
  readonly logarithmic?: boolean;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly y: number }[];
  }[];
}

/** What a suite measured. */
export interface SuiteResult {
  readonly timings: readonly NamedTiming[];
  readonly figures: readonly Figure[];
  readonly limits: readonly Limit[];
  readonly curves: readonly Curve[];
  /** Answers that are not what they have to be; a benchmark with one is worth nothing. */
  readonly faults: readonly string[];
  /** What has to be known to read the figures. */
  readonly notes: readonly string[];
}

/** The names of the suites. */
export const suiteNames = [
  "aggregations",
  "windows",
  "storage",
  "scaling",
  "concurrency",
  "partitions",
  "peers",
] as const;

/** The name of a suite. */
export type SuiteName = (typeof suiteNames)[number];

/** What a suite works with. */
export interface BenchmarkContext {
  /** Rows of the benchmark; a suite may say that it takes others. */
  readonly rows: number;
  /** How many cores its queries may use. */
  readonly cores: number;
  readonly duck: Pick<DuckSettings, "threads" | "memoryLimitMb">;
  readonly peers: readonly Peer[];
  /** For files that are gone when the benchmark ends. */
  readonly scratch: string;
  /** A dataset that the suite has wished for. */
  readonly dataset: (wish: DatasetWish) => ReadyDataset;
  readonly measure: (contenders: readonly Contender[]) => Promise<Measured[]>;
  readonly progress: (text: string) => void;
}

/** A dataset that is there. */
export interface ReadyDataset {
  readonly directory: string;
  readonly manifest: DatasetManifest;
}

/** A group of measurements. */
export interface Suite {
  readonly describes: string;
  /** The datasets that it reads, made before anything is timed. */
  readonly wishes: (rows: number) => readonly DatasetWish[];
  readonly run: (context: BenchmarkContext) => Promise<SuiteResult>;
}

/** Puts parts of a result together. */
export function joinResults(parts: readonly Partial<SuiteResult>[]): SuiteResult {
  return {
    timings: parts.flatMap(({ timings = [] }) => timings),
    figures: parts.flatMap(({ figures = [] }) => figures),
    limits: parts.flatMap(({ limits = [] }) => limits),
    curves: parts.flatMap(({ curves = [] }) => curves),
    faults: parts.flatMap(({ faults = [] }) => faults),
    notes: parts.flatMap(({ notes = [] }) => notes),
  };
}
