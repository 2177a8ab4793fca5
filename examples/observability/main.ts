// Runs a small workflow again and again, and lets itself be watched.
import { createEngine } from "agentflow";
import { openTelemetry, prometheusMetrics, serveMetrics } from "agentflow/observability";
import { sendTraces } from "./send-traces.ts";
import { digest } from "./workflow.ts";

/** How many runs to start, one every `pauseMs`; without end if not given. */
const runs = Number(process.env["RUNS"] ?? Number.POSITIVE_INFINITY);
const pauseMs = Number(process.env["PAUSE_MS"] ?? 500);
const port = Number(process.env["AF_METRICS_PORT"] ?? 9464);
const host = process.env["AF_METRICS_HOST"] ?? "127.0.0.1";

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

await using traces = await sendTraces();
const metrics = prometheusMetrics();
await using server = await serveMetrics(metrics, { port, host });
await using engine = await createEngine({
  store: "memory:",
  metrics,
  ...(traces === undefined ? {} : { tracing: await openTelemetry() }),
});
console.log(`Metrics at ${server.url}, traces ${traces === undefined ? "off" : `to ${traces.url}`}.`);

let number = 0;
while (number < runs && !stopping.signal.aborted) {
  const run = await engine.start(digest, { topic: `topic ${++number}` });
  const outcome = await run.settled();
  console.log(`${run.runId} ${outcome.status}`);
  if (number < runs) await pause(pauseMs);
}

/** Waits, unless the program is to stop. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    stopping.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
