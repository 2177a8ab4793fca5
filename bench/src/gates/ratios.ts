import type { Measurements, Result } from "../report/result.ts";
import { floored } from "../systems/catalogue.ts";
import { comparisons } from "../systems/peers.ts";
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
  ...comparisons.map(({ store, peer }) => [store, peer.id] as const),
  ["agentflow-sqlite-strict", "langgraph-sqlite"],
  ...floored.map(({ system, floor }) => [system, floor] as const),
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

/** How many times as fast a system is as another at a workload, if both were measured. */
export function ratioOf(
  measurements: Measurements,
  workload: string,
  system: SystemId,
  reference: SystemId,
): number | undefined {
  const ours = findResult(measurements, workload, system);
  const theirs = findResult(measurements, workload, reference);
  return ours === undefined || theirs === undefined ? undefined : ours.stepsPerSecond / theirs.stepsPerSecond;
}

/** The ratios of all compared pairs that were measured, by workload. */
export function ratios(measurements: Measurements): Ratio[] {
  const workloads = [...new Set(measurements.results.map(({ workload }) => workload))];
  return workloads.flatMap((workload) =>
    compared.flatMap(([system, reference]) => {
      const value = ratioOf(measurements, workload, system, reference);
      return value === undefined
        ? []
        : [{ name: `${workload} ${system} / ${reference}`, workload, system, reference, value }];
    }),
  );
}
