/**
 * Lists of runs over a million stored ones: `n24 bench/listing.ts [--runs 1000000] [--stores sqlite,postgres,mysql]
 * [--rounds 20] [--check]`. Prints how long each list takes as a query and as a whole process of the packed `af`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStore } from "../packages/store/src/index.ts";
import { buildPackage } from "../scripts/build-package.ts";
import { type ListFilter, listFilters } from "./src/listing/list-filter.ts";
import { type ListedStore, type ListedStoreKind, listedStore } from "./src/listing/listed-store.ts";
import { formatFigure, markdownTable } from "./src/report/markdown-table.ts";
import { percentile } from "./src/statistics.ts";

/** What a list may take as a whole process, on the stores that are held to it. */
const processLimitMs = 300;
const heldTo: readonly ListedStoreKind[] = ["sqlite", "postgres"];

interface Timed {
  readonly filter: ListFilter;
  readonly hits: number;
  readonly queryMs: readonly number[];
  readonly processMs: readonly number[];
  readonly scans: readonly string[];
}

const { values: asked } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    stores: { type: "string", default: "sqlite,postgres,mysql" },
    rounds: { type: "string", default: "20" },
    check: { type: "boolean", default: false },
  },
});
const runs = Number(asked.runs);
const rounds = Number(asked.rounds);
const directory = join(import.meta.dirname, ".data", "listing");
const packageFolder = join(directory, "package");

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
let failed = false;
try {
  await buildPackage(packageFolder);
  giveCommander();
  for (const kind of asked.stores.split(",") as ListedStoreKind[]) failed = (await measure(kind)) || failed;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = asked.check && failed ? 1 : 0;

/** The version that the command line needs, where the root has another one. */
function giveCommander(): void {
  const own = join(import.meta.dirname, "../packages/cli/node_modules/commander");
  if (!existsSync(own)) return;
  mkdirSync(join(packageFolder, "node_modules"));
  symlinkSync(own, join(packageFolder, "node_modules/commander"));
}

/** Measures one store and prints it; true if it misses what it is held to. */
async function measure(kind: ListedStoreKind): Promise<boolean> {
  const store = await listedStore(kind, directory);
  try {
    const started = performance.now();
    await store.fill(runs);
    const filledS = (performance.now() - started) / 1_000;
    const timed: Timed[] = [];
    for (const filter of listFilters(runs)) timed.push(await timeList(store, filter));
    const worst = Math.max(...timed.map(({ processMs }) => percentile(processMs, 0.95)));
    const scans = timed.flatMap(({ scans }) => scans);
    const misses = scans.length > 0 || (heldTo.includes(kind) && worst > processLimitMs);
    print(kind, { timed, filledS, worst, misses });
    return misses;
  } finally {
    await store.drop();
  }
}

async function timeList(store: ListedStore, filter: ListFilter): Promise<Timed> {
  const backend = await openStore(store.url);
  const queryMs: number[] = [];
  let hits = 0;
  try {
    for (let round = -2; round < rounds; round++) {
      const started = performance.now();
      hits = (await backend.runs.listRuns(filter.query)).length;
      if (round >= 0) queryMs.push(performance.now() - started);
    }
  } finally {
    await backend.runs.close();
  }
  const processMs: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const started = performance.now();
    const listed = listOnce(store, filter);
    if (round >= 0) processMs.push(performance.now() - started);
    if (listed !== hits) throw new Error(`${filter.name}: af lists ${listed} runs, the query ${hits}`);
  }
  return { filter, hits, queryMs, processMs, scans: await store.scans(filter) };
}

/** Runs the packed `af runs --json` in a process of its own; returns how many runs it lists. */
function listOnce(store: ListedStore, { options }: ListFilter): number {
  const words = [join(packageFolder, "af.js"), "runs", "--json", "--store", store.url, ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: directory,
    encoding: "utf8",
    env: { ...process.env, NODE_COMPILE_CACHE: join(directory, "compile-cache") },
  });
  if (status !== 0) throw new Error(`af runs ended with ${status}: ${stderr}`);
  return (JSON.parse(stdout) as unknown[]).length;
}

function print(
  kind: ListedStoreKind,
  found: {
    readonly timed: readonly Timed[];
    readonly filledS: number;
    readonly worst: number;
    readonly misses: boolean;
  },
): void {
  const rows = found.timed.map(({ filter, hits, queryMs, processMs, scans }) => [
    filter.name,
    String(hits),
    ...[queryMs, processMs]
      .flatMap((times) => [percentile(times, 0.5), percentile(times, 0.95)])
      .map(formatFigure),
    scans.join("; ") || "none",
  ]);
  const header = ["list", "hits", "query p50", "query p95", "af p50", "af p95", "full scans"];
  const limit = heldTo.includes(kind) ? `, at most ${processLimitMs} ms` : "";
  const verdict = found.misses ? "FAILS" : "holds";
  process.stdout.write(
    `## ${kind}: ${runs.toLocaleString("en-US")} runs, filled in ${formatFigure(found.filledS)} s\n\n` +
      `${markdownTable(header, rows)}\n\nMilliseconds. ` +
      `Worst p95 of \`af runs --json\`${limit}: ${formatFigure(found.worst)} ms, ${verdict}.\n\n`,
  );
}
