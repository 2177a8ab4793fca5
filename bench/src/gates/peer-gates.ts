import type { Measurements } from "../report/result.ts";
import { median } from "../statistics.ts";
import { describeSystem } from "../systems/catalogue.ts";
import { comparedAt, comparisons } from "../systems/peers.ts";
import type { Gate } from "./gate.ts";
import { ratioOf } from "./ratios.ts";

/** Over all peers and workloads AgentFlow is at least this many times as fast, in the median. */
const medianAtLeast = 5;

/** Each peer at each workload against its limit, and the median over all of them. */
export function peerGates(measurements: Measurements): Gate[] {
  const cells = comparedAt.flatMap((workload) =>
    comparisons.map(
      ({ peer, store, atLeast }): Gate => ({
        name: `${workload}: ${describeSystem(store).label} against ${peer.label}`,
        measured: ratioOf(measurements, workload, store, peer.id),
        limit: atLeast[workload],
        bound: "at least",
        unit: "x",
      }),
    ),
  );
  const measured = cells.flatMap((cell) => (cell.measured === undefined ? [] : [cell.measured]));
  return [
    ...cells,
    {
      name: `median of ${cells.length} ratios to peers`,
      measured: measured.length === cells.length ? median(measured) : undefined,
      limit: medianAtLeast,
      bound: "at least",
      unit: "x",
    },
  ];
}
