// Runs to export: a workflow that calls a model and tools, retries, recovers, fails, and nests another one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { OpenDataset, type Row, runs } from "@agentflow/analytics";
import { append, type Clock, nested, type StoreBackend, sum, value, workflow } from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { systemClock } from "@agentflow/runtime";
import { openEngine } from "../determinism/open-engine.ts";

const child = workflow("child", { version: "1", state: { text: value(""), words: sum() } })
  .start("count", ({ text }) => ({ words: text.split(" ").length }))
  .end("count");

/** What a model call took, as a gateway accounts for it. */
const sage = {
  provider: "acme",
  model: "sage-1",
  outcome: "succeeded",
  inputTokens: 120,
  cachedTokens: 100,
  cacheWriteTokens: 0,
  outputTokens: 8,
  estimated: false,
  costNanos: 123_456,
  expectedNanos: 200_000,
  latencyMs: 7,
} as const;

/** Whether a run fails is up to the test, as the outside world would have it. */
export const world = { fails: false, answers: 0 };

const tides = workflow("tides", {
  version: "2",
  state: { question: value<string>(), said: append<string>(), words: sum() },
})
  .start("look", async ({ question }, ctx) => {
    const found = await ctx.io("fetch", question, (asked, { idempotencyKey }) => {
      if (idempotencyKey === "") throw new Error("a call without a key");
      return `${asked} `.repeat(3).trim();
    });
    return { said: [found] };
  })
  .node(
    "ask",
    { after: "look" },
    async ({ question }, ctx) => {
      const said = await ctx.io("answer", question, (_, { account }) => {
        world.answers += 1;
        account(sage);
        return "Twice a day.";
      });
      if (question === "stormy" && ctx.attempt === 1) throw new Error("a wave");
      return { said: [said] };
    },
    { retry: { attemptsMax: 2, backoffMs: 0, retryIf: () => true } },
  )
  .node(
    "measure",
    { after: "ask" },
    nested(child, { input: ({ question }) => ({ text: question }), output: ({ words }) => ({ words }) }),
  )
  .node(
    "guess",
    { after: "measure" },
    () => {
      throw new Error("nobody knows");
    },
    { recover: () => ({ said: ["unknown"] }) },
  )
  .node("tell", { after: "guess" }, async ({ said }, ctx) => {
    await ctx.io("send", said, () => (world.fails ? Promise.reject(new Error("no line")) : "sent"), {
      effect: true,
    });
    return {};
  })
  .end("tell");

const dayMs = 86_400_000;

/** Noon of 30 January 2026, the day of the first run; each later one is a day after. */
const firstDay = Date.UTC(2026, 0, 30, 12);

/** An engine whose runs happen on days that a test chooses. */
export interface History extends AsyncDisposable {
  readonly engine: Engine;
  /** Runs the workflow, on the nth day after the first, and waits for its end. */
  run(nth: number, question?: string): Promise<string>;
  /** Goes on with a failed run. */
  resume(runId: string): Promise<void>;
}

/** Opens an engine on a store; disposing of it closes both. */
export function openHistory(backend: StoreBackend, ids = "run"): History {
  let offsetMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
  const { engine } = openEngine({ backend, clock, workflows: [tides] });
  return {
    engine,
    async run(nth, question = "calm") {
      offsetMs = firstDay + nth * dayMs - systemClock.now();
      const run = await engine.start(tides, { question }, { id: `${ids}-${nth}` });
      await Promise.allSettled([run.result()]);
      return run.runId;
    },
    async resume(runId) {
      const run = await engine.resume(runId, tides);
      await Promise.allSettled([run.result()]);
    },
    async [Symbol.asyncDispose]() {
      await engine.close();
      await backend.runs.close();
    },
  };
}

/** A folder of the test, removed after it. */
export function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-export-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The rows of a query over a dataset. */
export async function rowsOf(directory: string, sql: string): Promise<readonly Row[]> {
  using dataset = await OpenDataset.open(runs, directory);
  return (await dataset.sql(sql)).rows;
}
