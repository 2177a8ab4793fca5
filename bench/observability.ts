/**
 * What instrumentation costs (OBS-9): `n24 bench/observability.ts [--rounds 30] [--check]`. Each round measures the same
 * work with and without it, one right after the other and in turns first, by CPU time of this process; what is printed is
 * the median of the ratios. Traces are made and batched by the SDK of OpenTelemetry, and exported to nobody.
 */
import { parseArgs } from "node:util";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { createEngine, type EngineOptions, value, workflow } from "../packages/agentflow/src/index.ts";
import { openTelemetry, prometheusMetrics } from "../packages/agentflow/src/observability.ts";
import { formatFigure, markdownTable } from "./src/report/markdown-table.ts";
import { percentile } from "./src/statistics.ts";

const { values: asked } = parseArgs({
  options: { rounds: { type: "string", default: "30" }, check: { type: "boolean", default: false } },
});
const rounds = Number(asked.rounds);

/** What the specification allows on top, as a share. */
const allowed = 0.05;

/** One thousand steps in a loop: W1 of the other benchmarks. */
const steps = 1_000;

interface Work {
  readonly title: string;
  /** Runs of a round, and steps of a run. */
  readonly runs: number;
  readonly steps: number;
  /** CPU time that each step takes by itself, in milliseconds. */
  readonly busyMs: number;
}

const loop: Work = { title: `W1, ${steps}-step loop`, runs: 5, steps, busyMs: 0 };
const busy: Work = { title: "steps of 1 ms", runs: 1, steps: 200, busyMs: 1 };

const nowhere: SpanExporter = {
  export: (_spans, done) => done({ code: 0 }),
  shutdown: () => Promise.resolve(),
};
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(nowhere)] });
provider.register();
const [metrics, tracing] = [prometheusMetrics(), await openTelemetry()];

interface Comparison {
  readonly title: string;
  readonly work: Work;
  readonly options: EngineOptions;
  readonly limit: number | undefined;
}

const comparisons: readonly Comparison[] = [
  { title: "nothing (how far two equal rounds differ)", work: loop, options: {}, limit: undefined },
  { title: "metrics", work: loop, options: { metrics }, limit: allowed },
  { title: "traces", work: loop, options: { tracing }, limit: undefined },
  { title: "metrics", work: busy, options: { metrics }, limit: allowed },
  { title: "traces", work: busy, options: { tracing }, limit: allowed },
];

function workflowOf({ steps, busyMs }: Work) {
  return workflow("loop", { version: "1", state: { count: value(0) } })
    .start("step", ({ count }) => {
      const until = performance.now() + busyMs;
      while (busyMs > 0 && performance.now() < until);
      return { count: count + 1 };
    })
    .route("step", { to: ["step"] }, ({ count }) => (count < steps ? "step" : []))
    .end("step");
}

/** Milliseconds of CPU time that a round takes. */
async function measure(work: Work, options: EngineOptions): Promise<number> {
  const loopWorkflow = workflowOf(work);
  await using engine = await createEngine({ store: "memory:", retention: { background: false } }, options);
  const before = process.cpuUsage();
  for (let run = 0; run < work.runs; run++) await (await engine.start(loopWorkflow, {})).result();
  await provider.forceFlush();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

interface Measured {
  readonly comparison: Comparison;
  readonly ratios: readonly number[];
  readonly offMs: readonly number[];
}

async function compare(comparison: Comparison): Promise<Measured> {
  const { work, options } = comparison;
  const [ratios, offMs]: [number[], number[]] = [[], []];
  for (let round = -3; round < rounds; round++) {
    const order = round % 2 === 0 ? [{}, options] : [options, {}];
    const [first, second] = [await measure(work, order[0] ?? {}), await measure(work, order[1] ?? {})];
    const [off, on] = round % 2 === 0 ? [first, second] : [second, first];
    // The first rounds compile.
    if (round < 0) continue;
    ratios.push(on / off);
    offMs.push(off);
  }
  return { comparison, ratios, offMs };
}

const measured: Measured[] = [];
for (const comparison of comparisons) measured.push(await compare(comparison));
await provider.shutdown();

const share = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;
const rows = measured.map(({ comparison: { title, work, limit }, ratios, offMs }) => {
  const perStepUs = (percentile(offMs, 0.5) * 1_000) / (work.runs * work.steps);
  return [
    work.title,
    title,
    share(percentile(ratios, 0.5)),
    `${share(percentile(ratios, 0.25))} to ${share(percentile(ratios, 0.75))}`,
    limit === undefined ? "" : `${limit * 100} %`,
    formatFigure(perStepUs),
  ];
});
process.stdout.write(
  `${markdownTable(["work", "with", "costs", "half of the rounds", "allowed", "µs a step without"], rows)}\n`,
);
const isOver = measured.some(
  ({ comparison: { limit }, ratios }) => limit !== undefined && percentile(ratios, 0.5) - 1 > limit,
);
process.exitCode = asked.check && isOver ? 1 : 0;
