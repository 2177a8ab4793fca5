import type { Measurements, Result } from "../report/result.ts";
import type { SystemId } from "../systems/system.ts";

/** How many times faster one system is than another at a workload; higher is better. */
export interface Ratio {
  readonly name: string;
  readonly workload: string;
  readonly system: SystemId;
  readonly reference: SystemId;
  readonly value: number;
}

const compared: readonly (readonly [SystemId, SystemId])[] = [
  ["agentflow-memory", "langgraph-memory"],
  ["agentflow-sqlite-normal", "langgraph-sqlite"],
  ["agentflow-sqlite-strict", "langgraph-sqlite"],
  ["agentflow-sqlite-normal", "floor-normal"],
  ["agentflow-sqlite-strict", "floor-full"],
  ["agentflow-sqlite-normal", "bare-sqlite-normal"],
  ["agentflow-sqlite-strict", "bare-sqlite-full"],
  ["agentflow-run-directory", "agentflow-sqlite-normal"],
  ["langgraph-sqlite", "bare-sqlite-normal"],
];

/** The result of a system at a workload, if it was measured. */
export function findResult(
  { results }: Measurements,
  workload: string,
  system: SystemId,
): Result | undefined {
  return results.find((result) => result.workload === workload && result.system === system);
}

/** The ratios of all compared pairs that were measured, by workload. */
export function ratios(measurements: Measurements): Ratio[] {
  const workloads = [...new Set(measurements.results.map(({ workload }) => workload))];
  return workloads.flatMap((workload) =>
    compared.flatMap(([system, reference]) => {
      const ours = findResult(measurements, workload, system);
      const theirs = findResult(measurements, workload, reference);
      if (ours === undefined || theirs === undefined) return [];
      const value = ours.stepsPerSecond / theirs.stepsPerSecond;
      return [{ name: `${workload} ${system} / ${reference}`, workload, system, reference, value }];
    }),
  );
}
