import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Baseline, regressions, updateBaseline } from "./src/gates/baseline.ts";
import { gateHolds } from "./src/gates/gate.ts";
import { gates } from "./src/gates/gates.ts";
import { ratios } from "./src/gates/ratios.ts";
import { installPeers } from "./src/install-peers.ts";
import { measureCompared, measureFlatness } from "./src/measure/measure-workloads.ts";
import { measureMemory } from "./src/memory/measure-memory.ts";
import { type Options, parseOptions } from "./src/options.ts";
import { chartPath, renderCharts } from "./src/report/charts.ts";
import { describeMachine } from "./src/report/machine.ts";
import { renderReport } from "./src/report/report.ts";
import type { Measurements } from "./src/report/result.ts";
import { measureStarts } from "./src/startup/measure-starts.ts";

const here = import.meta.dirname;
// Its own, so that two runs at the same time do not meet.
const directory = join(here, ".data", String(process.pid));
const baselinePath = join(here, "baseline.json");

const options = parseOptions(process.argv.slice(2));
installPeers(here);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
try {
  process.exitCode = report(await measure(options));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(asked: Options): Promise<Measurements> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const machine = await describeMachine();
  const compared = await measureCompared(asked, directory, progress);
  const flat = await measureFlatness(asked, directory, progress);
  const memory = measureMemory(asked, directory, progress);
  const started = await measureStarts(asked, directory, progress);
  return {
    machine,
    results: compared.results,
    flatness: flat.flatness,
    memory: memory.points,
    startup: started.startup,
    startupBuild: started.build,
    failures: [...compared.failures, ...flat.failures, ...memory.failures, ...started.failures],
  };
}

function report(measurements: Measurements): number {
  const baseline = JSON.parse(readFileSync(baselinePath, "utf8")) as Baseline;
  const measuredRatios = ratios(measurements);
  const measuredGates = gates(measurements);
  const found = regressions(baseline, measuredRatios);
  const path = join(here, "results", `${measurements.machine.date.slice(0, 10)}-${options.name}`);
  const charts = options.dry ? [] : renderCharts(measurements);
  const complete = options.only.length === 0 && options.systems.length === 0;
  const markdown = renderReport(measurements, {
    gates: complete ? measuredGates : measuredGates.filter(({ measured }) => measured !== undefined),
    unmet: baseline.unmet,
    ratios: measuredRatios,
    regressions: found,
    charts: Object.fromEntries(charts.map((chart) => [chart.shows, basename(chartPath(path, chart))])),
  });
  process.stdout.write(markdown);
  if (!options.dry) {
    writeFileSync(`${path}.md`, markdown);
    for (const chart of charts) writeFileSync(chartPath(path, chart), chart.svg);
    writeFileSync(
      `${path}.json`,
      `${JSON.stringify({ ...measurements, ratios: measuredRatios, gates: measuredGates }, null, 2)}\n`,
    );
  }
  if (options.updateBaseline)
    writeFileSync(baselinePath, `${JSON.stringify(updateBaseline(baseline, measuredRatios), null, 2)}\n`);
  const failed = measuredGates.filter(
    (gate) => (gateHolds(gate) ?? !complete) === false && baseline.unmet[gate.name] === undefined,
  );
  return options.check && failed.length + found.length + measurements.failures.length > 0 ? 1 : 0;
}
