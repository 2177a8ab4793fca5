import type { SystemId } from "../systems/system.ts";
import type { Workload } from "./workload.ts";

/** A workload with the name it has in reports. */
export interface NamedWorkload {
  readonly id: string;
  readonly title: string;
  readonly workload: Workload;
}

const shortRuns = { kind: "short-runs", runs: 1000, stepsEach: 5, concurrency: 50, storedRuns: 0 } as const;

/** The workloads that are compared between systems. */
export const comparedWorkloads: readonly NamedWorkload[] = [
  { id: "W1", title: "1,000-step loop", workload: { kind: "loop", steps: 1000, append: false } },
  {
    id: "calls",
    title: "1,000-step loop, each step with a call outside",
    workload: { kind: "loop", steps: 1000, append: false, calls: true },
  },
  {
    id: "W2",
    title: "100 parallel steps x 20",
    workload: { kind: "fan-out", width: 100, rounds: 20 },
  },
  { id: "W3", title: "1,000 five-step runs, 50 at once", workload: shortRuns },
  {
    id: "W4-unchanged",
    title: "10 kB state over 200 steps, value unchanged",
    workload: { kind: "large-state", steps: 200, sizeBytes: 10_000, rewrite: false },
  },
  {
    id: "W4-rewritten",
    title: "10 kB state over 200 steps, value rewritten each step",
    workload: { kind: "large-state", steps: 200, sizeBytes: 10_000, rewrite: true },
  },
];

/** A cost that must not grow: the same work at growing sizes. */
export interface FlatnessSeries {
  readonly id: string;
  readonly title: string;
  readonly systems: readonly SystemId[];
  readonly points: readonly { readonly size: number; readonly workload: Workload }[];
}

const embedded: readonly SystemId[] = ["agentflow-memory", "agentflow-sqlite-normal"];

/** The series of ENG-62, up to the full sizes or, when `quick`, up to a tenth. */
export function flatnessSeries(quick: boolean): readonly FlatnessSeries[] {
  const upTo = (sizes: readonly number[]) => (quick ? sizes.slice(0, -1) : sizes);
  return [
    {
      id: "flat-steps",
      title: "steps in one run",
      systems: embedded,
      points: upTo([10, 100, 1000, 10_000]).map((size) => ({
        size,
        workload: { kind: "loop", steps: size, append: false },
      })),
    },
    {
      id: "flat-append",
      title: "steps in one run that appends an item each",
      systems: embedded,
      points: upTo([10, 100, 1000, 10_000]).map((size) => ({
        size,
        workload: { kind: "loop", steps: size, append: true },
      })),
    },
    {
      id: "flat-nodes",
      title: "distinct nodes in one run",
      systems: embedded,
      points: upTo([10, 100, 1000]).map((size) => ({ size, workload: { kind: "chain", nodes: size } })),
    },
    {
      id: "flat-stored",
      title: "runs stored before (1,000 five-step runs, 50 at once, on top)",
      systems: [...embedded, "agentflow-postgres-normal"],
      points: upTo([100, 1000, 10_000, 100_000]).map((size) => ({
        size,
        workload: { ...shortRuns, storedRuns: size },
      })),
    },
  ];
}
