import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { benchSection, type Measurements, readmeWithResults } from "../../scripts/generate-bench-table.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const measured: Measurements = {
  machine: { date: "2026-11-20T09:46:50.334Z", cpu: "Z80", cores: 1, node: "v24.21.0", sqlite: "3.53.4" },
  results: [
    { workload: "W1", system: "agentflow-sqlite-normal", stepsPerSecond: 41_565.08 },
    { workload: "W1", system: "mastra-libsql", stepsPerSecond: 18_500 },
    { workload: "W4-unchanged", system: "langgraph-sqlite", stepsPerSecond: 1_505, storedBytes: 2_592_768 },
  ],
  startup: [{ starter: "agentflow-sqlite-normal", firstStepMs: 96.04, loopRssMb: 74.96 }],
};

/** The cells of the row that begins so. */
function row(label: string): string[] {
  const line = benchSection(measured)
    .split("\n")
    .find((each) => each.startsWith(`| ${label}`));
  return (line ?? "").split("|").map((cell) => cell.trim());
}

test("a figure stands in the row of its workload and the column of its system, with three digits", () => {
  assert.deepEqual(row("W1").slice(2, 7), ["41,600", "-", "-", "-", "-"]);
  assert.deepEqual(row("W4: 10 kB state left alone").slice(2, 7), ["-", "-", "2,590,000", "-", "-"]);
  assert.equal(row("first step")[2], "96");
  assert.equal(row("peak RSS")[2], "75");
});

test("a peer stands beside the store it is compared with, with the ratios of the same run, or not at all", () => {
  assert.deepEqual(row("Mastra").slice(2, 6), ["SQLite `normal`", "2.25x", "-", "-"]);
  assert.deepEqual(row("DBOS"), [""]);
});

test("README.md tells the newest results of the benchmark", () => {
  const text = readFileSync(join(root, "README.md"), "utf8").replaceAll("\r\n", "\n");
  assert.equal(text, readmeWithResults(text), "Run `node scripts/generate-bench-table.ts`.");
});
