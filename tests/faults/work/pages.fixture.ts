// Advances pages runs on a SQLite store and says what it does; `pages-process.ts` has the settings and the lines.
//
//   node pages.fixture.ts '{"folder": "...", "durability": "strict", "runs": 4, "atOnce": 2, "turns": 3, ...}'
import { writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AgentFlowError, formatStepId, type StoreBackend } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { createEngine } from "@agentflow/runtime";
import { openSqlite } from "@agentflow/store";
import { observeCommits } from "@agentflow/testkit";
import { checkStored } from "./check-pages.ts";
import { type PagesMessage, type PagesProcessSettings, pagesLine } from "./pages-process.ts";
import { pagesWorkflow } from "./pages-workflow.ts";

const tenant = "default";
const pauseMs = 20;
const idleMs = 500;

/** Says it before anything else happens. The reader of a pipe that is full is waited for. */
function say(message: PagesMessage): void {
  let rest = Buffer.from(pagesLine(message));
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function sayStopped(runId: string, error: unknown): void {
  const code = error instanceof AgentFlowError ? error.code : "";
  say({ said: "stopped", runId, code, message: String(error) });
}

async function open({ folder, durability }: PagesProcessSettings): Promise<StoreBackend> {
  const opened = await openSqlite({
    path: join(folder, "agentflow.db"),
    durability: durability === "batched" ? { batchedMs: 5 } : durability === "mixed" ? "normal" : durability,
    // Small, so that it is copied into the file again and again.
    logSizeBytes: 128 * 1024,
    onWarning: (message) => say({ said: "warning", message }),
  });
  const { backend } = observeCommits(opened, ({ runId, progress, steps, durability: level }) => {
    if (durability === "mixed" && level !== "strict") return;
    const ids = steps.map((step) =>
      formatStepId({ ...step, item: step.item === -1 ? undefined : step.item }),
    );
    say({ said: "committed", runId, seq: progress.seq, steps: ids });
  });
  return backend;
}

async function tellWhatIsThere({ runs }: StoreBackend): Promise<void> {
  for (const { runId, seq, status } of await runs.listRuns({ tenant, limit: 1_000_000 }))
    say({ said: "found", runId, seq, status });
  say({ said: "ready" });
}

async function advance(engine: Engine, backend: StoreBackend, settings: PagesProcessSettings, runId: string) {
  const workflow = pagesWorkflow({
    turns: settings.turns,
    store: "sqlite",
    entered: (run, step) => say({ said: "entered", runId: run, step }),
  });
  const head = await backend.runs.readHead(tenant, runId);
  if (head?.status === "succeeded") return "succeeded";
  const run =
    head === undefined
      ? await engine.start(workflow, {}, { id: runId, seed: "seed", ...levelOf(settings, runId) })
      : await engine.resume(runId, workflow);
  const outcome = await run.settled();
  if (outcome.status === "fenced" || outcome.status === "failed") throw outcome.error;
  return outcome.status;
}

function levelOf({ durability }: PagesProcessSettings, runId: string): { durability?: "strict" } {
  return durability === "mixed" && Number(runId.slice("run-".length)) % 2 === 1
    ? { durability: "strict" }
    : {};
}

/** Brings a run to its end, past the errors that its settings allow for. */
async function finish(engine: Engine, backend: StoreBackend, settings: PagesProcessSettings, runId: string) {
  for (let resumes = 0; resumes <= settings.resumesMax; resumes++) {
    try {
      await advance(engine, backend, settings, runId);
      say({ said: "succeeded", runId });
      return;
    } catch (error) {
      sayStopped(runId, error);
      await pause(pauseMs);
    }
  }
}

/** Counts ticks of this thread's timers until it is called back. */
function countTicks(): () => { readonly perSecond: number; readonly longestGapMs: number } {
  const begun = performance.now();
  let [ticks, last, longestGapMs] = [0, begun, 0];
  const timer = setInterval(() => {
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - last);
    last = now;
    ticks += 1;
  }, 1);
  return () => {
    clearInterval(timer);
    const perSecond = Math.round((ticks * 1_000) / (performance.now() - begun));
    return { perSecond, longestGapMs: Math.round(longestGapMs) };
  };
}

async function idleTicks(): Promise<number> {
  const counted = countTicks();
  await pause(idleMs);
  return counted().perSecond;
}

async function main(settings: PagesProcessSettings): Promise<void> {
  const { folder, runs, atOnce } = settings;
  say({ said: "opening" });
  const backend = await open(settings);
  await tellWhatIsThere(backend);
  const artifactsDirectory = join(folder, "artifacts");
  const engine = await createEngine({
    store: backend,
    artifactsDirectory,
    runsDirectory: join(folder, "runs"),
    cacheDirectory: join(folder, "cache"),
    // Killed this often, a run may well be taken over several times before it gets on.
    recoveriesMax: 1_000_000,
    onEmitterError: (emitter, error) => say({ said: "warning", message: `${emitter}: ${String(error)}` }),
  });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs) await finish(engine, backend, settings, `run-${next++}`);
  };
  const ticked = settings.ticks === true ? countTicks() : undefined;
  await Promise.all(Array.from({ length: atOnce }, work));
  const ticks = ticked?.();
  await engine.close();
  await backend.runs.close();
  if (ticks !== undefined) say({ said: "ticked", ...ticks, idlePerSecond: await idleTicks() });
  if (settings.checks)
    await checkStored(settings, (promise, detail) => say({ said: "violation", promise, detail }));
  say({ said: "end" });
}

const settings = JSON.parse(process.argv[2] ?? "{}") as PagesProcessSettings;
try {
  await main(settings);
} catch (error) {
  sayStopped("", error);
  process.exitCode = 1;
}
