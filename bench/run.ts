import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPackage } from "../scripts/build-package.ts";
import { type Baseline, regressions, updateBaseline } from "./src/gates/baseline.ts";
import { gateHolds } from "./src/gates/gate.ts";
import { gates } from "./src/gates/gates.ts";
import { ratios } from "./src/gates/ratios.ts";
import { failureReason } from "./src/measure/failure-reason.ts";
import { measureCompared, measureFlatness } from "./src/measure/measure-workloads.ts";
import { type Options, parseOptions, selected } from "./src/options.ts";
import { describeMachine } from "./src/report/machine.ts";
import { renderReport } from "./src/report/report.ts";
import type { Measurements } from "./src/report/result.ts";
import { measureStartup, type Starter, type Starts } from "./src/startup/measure-startup.ts";

const here = import.meta.dirname;
const directory = join(here, ".data");
const baselinePath = join(here, "baseline.json");
const packageFolder = join(directory, "package");

interface BuiltStarts extends Starts {
  readonly build: Measurements["startupBuild"];
}

const noStarts: BuiltStarts = { startup: [], failures: [], build: "sources" };

const options = parseOptions(process.argv.slice(2));
installPeers();
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
try {
  process.exitCode = report(await measure(options));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function installPeers(): void {
  if (existsSync(join(here, "node_modules/@langchain/langgraph"))) return;
  execFileSync("npm", ["ci"], { cwd: here, stdio: "inherit" });
}

async function measure(asked: Options): Promise<Measurements> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const machine = describeMachine();
  const compared = await measureCompared(asked, directory, progress);
  const flat = await measureFlatness(asked, directory, progress);
  const started = selected("start", asked.only) ? await startAll(asked, progress) : noStarts;
  return {
    machine,
    results: compared.results,
    flatness: flat.flatness,
    startup: started.startup,
    startupBuild: started.build,
    failures: [...compared.failures, ...flat.failures, ...started.failures],
  };
}

async function startAll(asked: Options, progress: (line: string) => void): Promise<BuiltStarts> {
  const all: readonly Starter[] = [
    "bare-node",
    "agentflow-memory",
    "agentflow-sqlite-normal",
    "langgraph-memory",
    "langgraph-sqlite",
  ];
  const starters = all.filter((each) => each === "bare-node" || selected(each, asked.systems));
  progress("start: first step after process start, peak RSS");
  const rounds = asked.quick ? 3 : 7;
  try {
    await buildPackage(packageFolder);
  } catch (error) {
    const starts = measureStartup(starters, rounds, directory, process.env);
    const failure = { what: "packed build", message: failureReason(error) };
    return { ...starts, failures: [failure, ...starts.failures], build: "sources" };
  }
  const environment = { ...process.env, AGENTFLOW_ENTRY: join(packageFolder, "index.js") };
  return { ...measureStartup(starters, rounds, directory, environment), build: "packed" };
}

function report(measurements: Measurements): number {
  const baseline = JSON.parse(readFileSync(baselinePath, "utf8")) as Baseline;
  const measuredRatios = ratios(measurements);
  const measuredGates = gates(measurements);
  const found = regressions(baseline, measuredRatios);
  const markdown = renderReport(measurements, {
    gates: measuredGates,
    ratios: measuredRatios,
    regressions: found,
  });
  process.stdout.write(markdown);
  if (!options.dry) {
    const path = join(here, "results", `${measurements.machine.date.slice(0, 10)}-${options.name}`);
    writeFileSync(`${path}.md`, markdown);
    writeFileSync(
      `${path}.json`,
      `${JSON.stringify({ ...measurements, ratios: measuredRatios, gates: measuredGates }, null, 2)}\n`,
    );
  }
  if (options.updateBaseline)
    writeFileSync(baselinePath, `${JSON.stringify(updateBaseline(baseline, measuredRatios), null, 2)}\n`);
  const complete = options.only.length === 0 && options.systems.length === 0;
  const failed = measuredGates.filter((gate) => (gateHolds(gate) ?? !complete) === false);
  return options.check && failed.length + found.length + measurements.failures.length > 0 ? 1 : 0;
}
