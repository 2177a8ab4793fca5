import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../report/result.ts";
import { comparedAt, comparisons } from "../systems/peers.ts";
import { gateHolds } from "./gate.ts";
import { measurements, result } from "./measurements.fixture.ts";
import { peerGates } from "./peer-gates.ts";

/** AgentFlow exactly as many times as fast as each peer as it has to be. */
const atLimits = comparedAt.flatMap((workload): Result[] =>
  comparisons.flatMap(({ peer, store, atLeast }) => [
    result(store, 600, workload),
    result(peer.id, 600 / atLeast[workload], workload),
  ]),
);

/** The names of the gates that fail, or were not measured. */
function unmet(results: readonly Result[], verdict: false | undefined): string[] {
  return peerGates(measurements(results))
    .filter((gate) => gateHolds(gate) === verdict)
    .map(({ name }) => name);
}

const median = "median of 21 ratios to peers";

test("each peer has a gate at each workload, which fails alone when that peer gains", () => {
  // More than half of the limits are lower than that of the median.
  assert.deepEqual(unmet(atLimits, false), [median]);
  const gained = atLimits.map((each) =>
    each.system === "mastra-libsql" && each.workload === "W2"
      ? { ...each, stepsPerSecond: each.stepsPerSecond * 1.01 }
      : each,
  );
  assert.deepEqual(unmet(gained, false), [
    "W2: AgentFlow, SQLite `normal` against Mastra, libsql in a file (WAL, NORMAL)",
    median,
  ]);
});

test("the median over all peers and workloads fails below five", () => {
  const equal = (ratio: number) =>
    atLimits.map((each) =>
      each.system.startsWith("agentflow") ? each : { ...each, stepsPerSecond: 600 / ratio },
    );
  assert.equal(unmet(equal(5), false).includes(median), false);
  assert.equal(unmet(equal(4.9), false).includes(median), true);
});

test("without one of the peers its own gates and the median are not measured", () => {
  const missing = atLimits.filter(({ system }) => system !== "restate");
  assert.deepEqual(unmet(missing, undefined), [
    "W1: AgentFlow, SQLite `strict` against Restate, one server of its own",
    "W1: AgentFlow, PostgreSQL `normal` against Restate, one server of its own",
    "W2: AgentFlow, SQLite `strict` against Restate, one server of its own",
    "W2: AgentFlow, PostgreSQL `normal` against Restate, one server of its own",
    "W3: AgentFlow, SQLite `strict` against Restate, one server of its own",
    "W3: AgentFlow, PostgreSQL `normal` against Restate, one server of its own",
    median,
  ]);
});
