import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Block, graphPlan } from "./graph-plan.ts";

/** What the blocks of a plan use of the graph model, each as a word. */
function featuresOf(plan: Block, depth = 0): string[] {
  const inside = (blocks: readonly Block[], more = 0): string[] =>
    blocks.flatMap((part) => featuresOf(part, depth + more));
  switch (plan.kind) {
    case "work":
      return featuresOfWork(plan.work);
    case "sequence":
      return inside(plan.blocks);
    case "parallel":
      return [
        `meet ${plan.meet}`,
        ...(plan.meet === "settled" && plan.absent ? ["absent"] : []),
        ...(plan.items === undefined ? [] : [plan.items === 0 ? "meet in nothing" : "meet in map"]),
        ...inside(plan.branches),
      ];
    case "loop":
      return [`loop by ${plan.by}`, ...inside([plan.body])];
    case "choice":
      return ["choice", ...inside(plan.branches)];
    case "nested":
      return [`nested ${depth + 1}`, ...(plan.fails ? ["nested fails"] : []), ...inside([plan.child], 1)];
    case "map": {
      const size = plan.items === 0 ? ["map of nothing"] : ["map"];
      const own = plan.concurrency === undefined ? [] : ["map concurrency"];
      if ("actions" in plan.body) return [...size, ...own, ...featuresOfWork(plan.body)];
      return [...size, ...own, "map of nested", `nested ${depth + 1}`, ...inside([plan.body], 1)];
    }
  }
}

function featuresOfWork(work: Extract<Block, { kind: "work" }>["work"]): string[] {
  const failing = work.failures === 0 ? [] : [work.recovers ? "recover" : "retry", `io ${work.io}`];
  const backoff = work.failures > 0 && work.backoffMs > 0 ? ["backoff"] : [];
  return [...work.actions.map(({ kind }) => kind), ...work.writes, ...failing, ...backoff];
}

test("random graphs use every feature of the graph model", () => {
  const counts = new Map<string, number>();
  for (const plan of fc.sample(graphPlan, { seed: 20_261, numRuns: 100 })) {
    for (const feature of new Set(featuresOf(plan))) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const wanted = [
    ...[
      "meet all",
      "meet settled",
      "meet any",
      "meet in map",
      "meet in nothing",
      "absent",
      "loop by route",
      "loop by goto",
      "choice",
    ],
    ...[
      "nested 1",
      "nested 2",
      "nested 3",
      "nested fails",
      "map",
      "map of nothing",
      "map concurrency",
      "map of nested",
    ],
    ...["point", "io", "rng", "uuid", "now", "sleep", "retry", "recover", "backoff", "io fresh", "io keep"],
    ...["log", "chain", "total", "tags", "seen", "own", "low"],
  ];
  const missing = wanted.filter((feature) => (counts.get(feature) ?? 0) === 0);
  assert.deepEqual(missing, [], JSON.stringify(Object.fromEntries(counts)));
});
