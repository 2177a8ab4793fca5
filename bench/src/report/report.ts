import type { Regression } from "../gates/baseline.ts";
import { type Gate, gateHolds } from "../gates/gate.ts";
import { findResult, type Ratio } from "../gates/ratios.ts";
import { systemDescriptions } from "../systems/catalogue.ts";
import { comparedWorkloads } from "../workloads/catalogue.ts";
import type { Chart } from "./charts.ts";
import { formatFigure, markdownTable } from "./markdown-table.ts";
import type { Measurements } from "./result.ts";

/** What the report says besides the figures. */
export interface Verdict {
  readonly gates: readonly Gate[];
  /** Why gates that are known not to hold do not, by name. */
  readonly unmet: Readonly<Record<string, string>>;
  readonly ratios: readonly Ratio[];
  /** Undefined when no baseline was asked for. */
  readonly regressions: readonly Regression[] | undefined;
  /** The files of the charts, relative to the report. */
  readonly charts: Readonly<Partial<Record<Chart["shows"], string>>>;
}

/** The report of one process run, as Markdown. */
export function renderReport(measurements: Measurements, verdict: Verdict): string {
  const { ratios, charts, gates, unmet } = verdict;
  const sections = [
    renderMachine(measurements),
    section("Throughput (steps per second)", renderThroughput(measurements)),
    section(
      "CPU of the process, servers apart (us per step)",
      renderMetric(measurements, "cpuUsPerStep", ["W1", "W2", "W3"]),
    ),
    section(
      "Bytes stored by W4 (200 steps)",
      renderMetric(measurements, "storedBytes", ["W4-unchanged", "W4-rewritten"]),
    ),
    section("Ratios (higher is better)", withChart(renderRatios(ratios), charts.ratios)),
    section(
      "Cost per step as sizes grow (us)",
      withChart(renderFlatness(measurements), charts["stored-runs"]),
    ),
    section("Peak RSS of a process with one long run (MB)", renderMemory(measurements)),
    section(
      `Start of a process (${measurements.startupBuild}, compile cache on)`,
      renderStartup(measurements),
    ),
    section("Gates", renderGates(gates, unmet)),
    section("Not met, and why", renderUnmet(gates, unmet)),
    section("Against the committed baseline", renderRegressions(verdict.regressions)),
    section(
      "Not measured",
      measurements.failures.map(({ what, message }) => `- ${what}: ${message}`).join("\n"),
    ),
    section("What the systems promise", renderSystems(measurements)),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, body: string): string {
  return body === "" ? "" : `## ${title}\n\n${body}`;
}

function withChart(body: string, file: string | undefined): string {
  return file === undefined || body === "" ? body : `![The same as a chart](${file})\n\n${body}`;
}

function renderMachine({ machine, results }: Measurements): string {
  const versions = (of: Readonly<Record<string, string>>) =>
    Object.entries(of)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ");
  const rounds = Math.min(...results.map((result) => result.rounds));
  return [
    `# Benchmark of ${machine.date.slice(0, 10)}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, load ${machine.loadAverage} at the start; ` +
      `Node ${machine.node}, SQLite ${machine.sqlite}; ${versions(machine.servers)}; ${versions(machine.peers)}; ` +
      `AgentFlow at ${machine.commit}.`,
    `Every system in a process of its own; two seconds of warm-up rounds, then the median of ${Number.isFinite(rounds) ? rounds : 0} ` +
      "rounds in turn (A B C, A B C). Figures move with load; ratios of one process run are what counts.",
  ].join("\n\n");
}

function renderThroughput(measurements: Measurements): string {
  const workloads = comparedWorkloads.filter(({ id }) =>
    measurements.results.some(({ workload }) => workload === id),
  );
  const legend = workloads.map(({ id, title }) => `- ${id}: ${title}`).join("\n");
  const rows = measuredSystems(measurements).map(({ id, label }) => [
    label,
    ...workloads.map((workload) => {
      const found = findResult(measurements, workload.id, id);
      if (found === undefined) return "";
      const [shortest, longest] = found.wallMsRange;
      const at = (wallMs: number) => formatFigure((found.steps / wallMs) * 1000);
      return `${at(found.wallMs)} (${at(longest)} to ${at(shortest)})`;
    }),
  ]);
  return `${markdownTable(["", ...workloads.map(({ id }) => id)], rows)}\n\n${legend}`;
}

function renderMetric(
  measurements: Measurements,
  metric: "cpuUsPerStep" | "storedBytes",
  workloads: readonly string[],
): string {
  const rows = measuredSystems(measurements).flatMap(({ id, label }) => {
    const figures = workloads.map((workload) => findResult(measurements, workload, id)?.[metric]);
    if (figures.every((figure) => figure === undefined)) return [];
    return [[label, ...figures.map((figure) => (figure === undefined ? "" : formatFigure(figure)))]];
  });
  return rows.length === 0 ? "" : markdownTable(["", ...workloads], rows);
}

function renderRatios(ratios: readonly Ratio[]): string {
  if (ratios.length === 0) return "";
  const workloads = [...new Set(ratios.map(({ workload }) => workload))];
  const pairs = [...new Set(ratios.map(({ system, reference }) => `${system} / ${reference}`))];
  const rows = pairs.map((pair) => [
    pair,
    ...workloads.map((workload) => {
      const found = ratios.find(({ name }) => name === `${workload} ${pair}`);
      return found === undefined ? "" : formatFigure(found.value);
    }),
  ]);
  return markdownTable(["", ...workloads], rows);
}

function renderFlatness({ flatness }: Measurements): string {
  const keys = [...new Set(flatness.map(({ title, system }) => `${title}, ${system}`))];
  return keys
    .map((key) => {
      const points = flatness.filter(({ title, system }) => `${title}, ${system}` === key);
      return markdownTable(
        [key, ...points.map(({ size }) => size.toLocaleString("en-US"))],
        [["us per step", ...points.map(({ usPerStep }) => formatFigure(usPerStep))]],
      );
    })
    .join("\n\n");
}

function renderMemory({ memory }: Measurements): string {
  if (memory.length === 0) return "";
  const sizes = [...new Set(memory.map(({ steps }) => steps))];
  const rows = [...new Set(memory.map(({ system }) => system))].map((system) => [
    system,
    ...sizes.map((size) => {
      const found = memory.find((point) => point.system === system && point.steps === size);
      return found === undefined ? "" : formatFigure(found.peakRssMb);
    }),
  ]);
  return markdownTable(["", ...sizes.map((size) => `${size.toLocaleString("en-US")} steps`)], rows);
}

function renderStartup({ startup }: Measurements): string {
  if (startup.length === 0) return "";
  return markdownTable(
    ["", "first step, ms", "peak RSS then, MB", "peak RSS after 1,000 steps, MB"],
    startup.map((each) => [
      each.starter,
      formatFigure(each.firstStepMs),
      formatFigure(each.firstStepRssMb),
      formatFigure(each.loopRssMb),
    ]),
  );
}

function renderGates(gates: readonly Gate[], unmet: Verdict["unmet"]): string {
  if (gates.length === 0) return "";
  const words = (gate: Gate) => {
    const holds = gateHolds(gate);
    if (holds === undefined) return "not measured";
    if (holds) return "pass";
    return unmet[gate.name] === undefined ? "FAIL" : "not met";
  };
  return markdownTable(
    ["gate", "measured", "limit", "verdict"],
    gates.map((gate) => [
      gate.name,
      gate.measured === undefined ? "" : `${formatFigure(gate.measured)} ${gate.unit}`,
      `${gate.bound} ${formatFigure(gate.limit)} ${gate.unit}`,
      words(gate),
    ]),
  );
}

function renderUnmet(gates: readonly Gate[], unmet: Verdict["unmet"]): string {
  const known = gates.filter((gate) => gateHolds(gate) === false && unmet[gate.name] !== undefined);
  return known.map(({ name }) => `- ${name}: ${unmet[name]}`).join("\n");
}

function renderRegressions(regressions: readonly Regression[] | undefined): string {
  if (regressions === undefined) return "";
  if (regressions.length === 0) return "No ratio fell below the baseline by more than its tolerance.";
  return markdownTable(
    ["ratio", "committed", "measured"],
    regressions.map(({ name, committed, measured }) => [
      name,
      formatFigure(committed),
      formatFigure(measured),
    ]),
  );
}

function renderSystems(measurements: Measurements): string {
  const rows = measuredSystems(measurements).map(({ label, durability, emitters }) => [
    label,
    durability,
    emitters,
  ]);
  return markdownTable(["system", "a commit survives", "emitters"], rows, "text");
}

function measuredSystems({ results }: Measurements) {
  return systemDescriptions.filter(({ id }) => results.some(({ system }) => system === id));
}
