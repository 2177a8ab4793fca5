// Writes the measured tables of README.md from the newest results of the benchmark.
//
//   node scripts/generate-bench-table.ts
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { comparedAt, comparisons } from "../bench/src/systems/peers.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = join(root, "README.md");

/** What a benchmark run wrote, as far as the tables need it. */
export interface Measurements {
  readonly machine: {
    readonly date: string;
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly sqlite: string;
  };
  readonly results: readonly {
    readonly workload: string;
    readonly system: string;
    readonly stepsPerSecond: number;
    readonly storedBytes?: number;
  }[];
  readonly startup: readonly {
    readonly starter: string;
    readonly firstStepMs: number;
    readonly loopRssMb: number;
  }[];
}

const systems = [
  ["AgentFlow, SQLite `normal`", "agentflow-sqlite-normal"],
  ["AgentFlow, memory", "agentflow-memory"],
  ["LangGraph JS, SQLite", "langgraph-sqlite"],
  ["LangGraph JS, memory", "langgraph-memory"],
  ["bare SQLite commits", "bare-sqlite-normal"],
] as const;

type Measure = (measured: Measurements, system: string) => number | undefined;

function speed(workload: string): Measure {
  return ({ results }, system) =>
    results.find((each) => each.workload === workload && each.system === system)?.stepsPerSecond;
}

function stored(workload: string): Measure {
  return ({ results }, system) =>
    results.find((each) => each.workload === workload && each.system === system)?.storedBytes;
}

function start(member: "firstStepMs" | "loopRssMb"): Measure {
  return ({ startup }, system) => startup.find(({ starter }) => starter === system)?.[member];
}

const rows: readonly (readonly [string, Measure])[] = [
  ["W1: a loop of 1,000 steps, steps/s", speed("W1")],
  ["W2: 100 parallel steps, 20 times, steps/s", speed("W2")],
  ["W3: 1,000 runs of 5 steps, 50 at once, steps/s", speed("W3")],
  ["W4: 10 kB state left alone, 200 steps, bytes stored", stored("W4-unchanged")],
  ["W4: 10 kB state rewritten, 200 steps, bytes stored", stored("W4-rewritten")],
  ["first step after process start, ms", start("firstStepMs")],
  ["peak RSS after 1,000 steps, MB", start("loopRssMb")],
];

const promises: Readonly<Record<string, string>> = {
  "agentflow-memory": "memory",
  "agentflow-sqlite-normal": "SQLite `normal`",
  "agentflow-sqlite-strict": "SQLite `strict`",
  "agentflow-postgres-normal": "PostgreSQL `normal`",
};

/** A peer with the ratios to it; undefined when none of them was measured. */
function peerRow(
  measured: Measurements,
  { peer, store }: (typeof comparisons)[number],
): readonly string[] | undefined {
  const ratios = comparedAt.map((workload) => {
    const [ours, theirs] = [speed(workload)(measured, store), speed(workload)(measured, peer.id)];
    return ours === undefined || theirs === undefined ? undefined : ours / theirs;
  });
  if (ratios.every((ratio) => ratio === undefined)) return undefined;
  const cells = ratios.map((ratio) => (ratio === undefined ? "-" : `${Number(ratio.toPrecision(3))}x`));
  return [peer.label, promises[store] ?? store, ...cells];
}

/** Three digits, because the figures are not better than that. */
function figure(value: number | undefined): string {
  if (value === undefined) return "-";
  return Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** The first columns are text, the others figures. */
function table(cells: readonly (readonly string[])[], textColumns: number): string[] {
  const [head = [], ...body] = cells;
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column < textColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column < textColumns ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...body.map(line)];
}

/** The measured part of the README, between its marks. */
export function benchSection(measured: Measurements): string {
  const { machine } = measured;
  const peerRows = comparisons.flatMap((comparison) => {
    const row = peerRow(measured, comparison);
    return row === undefined ? [] : [row];
  });
  const cells = [
    ["", ...systems.map(([label]) => label)],
    ...rows.map(([label, measure]) => [label, ...systems.map(([, id]) => figure(measure(measured, id)))]),
  ];
  return [
    "<!-- bench -->",
    "",
    `Medians of one process run on ${machine.date.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node.replace(/^v/, "")}, SQLite ${machine.sqlite}, no emitters on.`,
    "Figures move with the machine, ratios of one run less: [how it is measured](bench/README.md).",
    "",
    ...table(cells, 1),
    "",
    "Steps per second over those of each peer, each against the store that keeps runs in the same kind of place and",
    "syncs as often, in the same run:",
    "",
    ...table([["peer", "AgentFlow's store", ...comparedAt], ...peerRows], 2),
    "",
    "<!-- /bench -->",
  ].join("\n");
}

/** The README with the newest results of a complete run, or the newest of all if there is none. */
export function readmeWithResults(text: string): string {
  const all = globSync("bench/results/*.json", { cwd: root })
    .map((path): Measurements => JSON.parse(readFileSync(join(root, path), "utf8")))
    .sort((a, b) => (a.machine.date < b.machine.date ? -1 : 1));
  const complete = all.filter(
    ({ results, startup }) =>
      startup.length > 0 && results.some(({ system }) => system.startsWith("agentflow-")),
  );
  const newest = complete.at(-1) ?? all.at(-1);
  if (newest === undefined) throw new Error("There are no results in bench/results: run `npm run bench`.");
  return text.replace(/<!-- bench -->.*<!-- \/bench -->/s, () => benchSection(newest));
}

if (import.meta.main) writeFileSync(readme, readmeWithResults(readFileSync(readme, "utf8")));
