import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { invariant, ValidationError } from "@agentflow/core";
import type { DuckSettings } from "../execute/duck-database.ts";
import type { OnProgress } from "../generate/work-progress.ts";
import { type BenchmarkData, type Generation, nameOfWish, prepareData } from "./benchmark-data.ts";
import { applicableIf, type Limit, type LimitOutcome, outcomeOf } from "./limit.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { measureRounds, type Rounds } from "./measure-rounds.ts";
import type { Peer } from "./peer.ts";
import { globPeer, tablesPeer } from "./peers/duckdb-peers.ts";
import { sqlitePeer } from "./peers/sqlite-peer.ts";
import { type BenchmarkContext, type SuiteName, type SuiteResult, suiteNames } from "./suite.ts";
import { suites } from "./suites/suites.ts";

/** How a benchmark is run. */
export interface BenchmarkOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Rows of the fact table; `scaling` takes twice and four times as many too. */
  readonly rows: number;
  /** The folder of the datasets. Those that are missing are made, and stay for the next time. */
  readonly directory: string;
  /** All of them if not given. */
  readonly suites?: readonly SuiteName[];
  /** Timed rounds of each contender; 5 if not given, and figures of fewer are worth little. */
  readonly rounds?: number;
  /** Rounds before these; 1 if not given. */
  readonly warmups?: number;
  /** Systems that the suite `peers` asks besides DuckDB without a planner, DuckDB's own tables and SQLite. */
  readonly peers?: readonly Peer[];
  /** Told what is done now. */
  readonly onStep?: (text: string) => void;
  /** Told how far the making of a dataset is. */
  readonly onProgress?: OnProgress;
}

/** What a suite measured, and what became of its limits. */
export interface SuiteReport extends SuiteResult {
  readonly suite: SuiteName;
  readonly describes: string;
  readonly limits: readonly JudgedLimit[];
}

/** A limit and what became of it. */
export interface JudgedLimit extends Limit {
  readonly outcome: LimitOutcome;
}

/** What a benchmark measured (OLP-24). */
export interface BenchmarkReport {
  readonly version: 1;
  readonly machine: Machine;
  readonly rows: number;
  readonly rounds: number;
  readonly warmups: number;
  /** How many cores the queries could use. */
  readonly threads: number;
  readonly generation: { readonly made: readonly Generation[]; readonly limits: readonly JudgedLimit[] };
  readonly suites: readonly SuiteReport[];
}

const rowsMax = 250_000_000;
const usualRounds = 5;

/**
 * Measures suites one after another, in this process. Datasets are made before anything is timed. Throws
 * ValidationError, DatasetError, ConfigError.
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const { rows, directory, threads, memoryLimitMb, onStep = () => undefined, onProgress } = options;
  const rounds = checkedRounds(options);
  requireWhole("rows", rows, 1_000, rowsMax);
  const names = suiteNames.filter((name) => options.suites?.includes(name) ?? true);
  const duck = { ...(threads && { threads }), ...(memoryLimitMb && { memoryLimitMb }) };
  const machine = await describeMachine();
  const data = await prepareData(
    directory,
    names.flatMap((name) => suites[name].wishes(rows)),
    {
      ...duck,
      onDataset: (name) => {
        onStep(`${name} is made`);
        return onProgress ?? (() => undefined);
      },
    },
  );
  const scratch = await mkdtemp(join(tmpdir(), "agentflow-benchmark-"));
  try {
    const reports: SuiteReport[] = [];
    for (const name of names) {
      const result = await suites[name].run({
        rows,
        cores: threads ?? availableParallelism(),
        duck,
        peers: [globPeer, tablesPeer, sqlitePeer, ...(options.peers ?? [])],
        scratch,
        dataset: (wish) => found(data, nameOfWish(wish)),
        measure: (contenders) => measureRounds(contenders, rounds),
        progress: (text) => onStep(`${name}: ${text}`),
      });
      reports.push({
        suite: name,
        describes: suites[name].describes,
        ...result,
        limits: judged(result.limits),
      });
    }
    const generation = { made: data.generated, limits: judged(data.generated.flatMap(generationLimits)) };
    return {
      version: 1,
      machine,
      rows,
      ...rounds,
      threads: threads ?? availableParallelism(),
      generation,
      suites: reports,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function found(data: BenchmarkData, name: string): ReturnType<BenchmarkContext["dataset"]> {
  const ready = data.datasets.get(name);
  invariant(ready !== undefined, `the suite has wished for ${name}`);
  return ready;
}

function judged(limits: readonly Limit[]): JudgedLimit[] {
  return limits.map((limit) => ({ ...limit, outcome: outcomeOf(limit) }));
}

// Below, the dimension tables take most of the time.
const speedRowsMin = 10_000_000;

function generationLimits({ name, rows, rowsPerSecond, peakRssMb }: Generation): Limit[] {
  const few = `fewer than ${speedRowsMin.toLocaleString("en")} rows`;
  const withCsv = name.includes("csv");
  const speed: Limit = {
    name: `${name}, rows made and written a second`,
    rule: "ratio",
    measured: rowsPerSecond,
    bound: "at least",
    limit: 3_000_000,
    unit: "rows/s",
  };
  const memory: Limit = {
    name: `${name}, memory of the process at most`,
    rule: "ratio",
    measured: peakRssMb,
    bound: "below",
    limit: 512,
    unit: "MB",
  };
  return [
    applicableIf(rows >= speedRowsMin && !withCsv, withCsv ? "CSV is written too" : few, speed),
    applicableIf(rows >= speedRowsMin, few, memory),
  ];
}

function checkedRounds({ rounds = usualRounds, warmups = 1 }: Partial<Rounds>): Rounds {
  requireWhole("rounds", rounds, 1, 1_000);
  requireWhole("warmups", warmups, 0, 1_000);
  return { rounds, warmups };
}

function requireWhole(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new ValidationError("AF_ARGUMENT_INVALID", `${name} is ${value}.`, {
    hint: `Give a whole number from ${min} to ${max}.`,
  });
}
