import { join } from "node:path";
import { Mastra } from "@mastra/core";
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { LibSQLStore } from "@mastra/libsql";
import { z } from "zod";
import { textOfSize } from "../workloads/text-of-size.ts";
import type {
  FanOutWorkload,
  LargeStateWorkload,
  LoopWorkload,
  ShortRunsWorkload,
  Workload,
} from "../workloads/workload.ts";
import { runPool } from "./run-pool.ts";
import { expectResult, type System } from "./system.ts";

/** Mastra with its libsql storage in a file and its own settings: `.dountil` for loops, `.foreach` for parallel steps. */
export const mastra: System = {
  async open(directory) {
    const storage = new LibSQLStore({ id: "bench", url: `file:${join(directory, "mastra.db")}` });
    await storage.init();
    return { run: (workload) => runWorkload(storage, workload), close: () => storage.close() };
  },
};

async function runWorkload(storage: LibSQLStore, workload: Workload): Promise<void> {
  switch (workload.kind) {
    case "loop":
      return runLoop(storage, workload);
    case "fan-out":
      return runFanOut(storage, workload);
    case "short-runs":
      return runShortRuns(storage, workload);
    case "large-state":
      return runLargeState(storage, workload);
    case "chain":
      throw new Error("Mastra is not measured on chains");
  }
}

const counted = z.object({ count: z.number() });

function incrementStep(id: string) {
  return createStep({
    id,
    inputSchema: counted,
    outputSchema: counted,
    execute: async ({ inputData }) => ({ count: inputData.count + 1 }),
  });
}

async function runLoop(storage: LibSQLStore, { steps }: LoopWorkload): Promise<void> {
  const loop = createWorkflow({ id: "loop", inputSchema: counted, outputSchema: counted })
    .dountil(incrementStep("increment"), async ({ inputData }) => inputData.count >= steps)
    .commit();
  const registered = new Mastra({ storage, workflows: { loop }, logger: false }).getWorkflow("loop");
  const run = await registered.createRun();
  const ended = await run.start({ inputData: { count: 0 } });
  expectResult("count", ended.status === "success" ? ended.result.count : ended.status, steps);
}

async function runFanOut(storage: LibSQLStore, { width, rounds }: FanOutWorkload): Promise<void> {
  const items = Array.from({ length: width }, (_, item) => item);
  const state = z.object({ round: z.number(), total: z.number() });
  const plan = createStep({
    id: "plan",
    inputSchema: state,
    outputSchema: z.array(z.number()),
    execute: async () => items,
  });
  const work = createStep({
    id: "work",
    inputSchema: z.number(),
    outputSchema: z.number(),
    execute: async ({ inputData }) => inputData,
  });
  const round = createWorkflow({ id: "round", inputSchema: state, outputSchema: state })
    .then(plan)
    .foreach(work, { concurrency: width })
    .map(async ({ inputData, getInitData }) => {
      const before = getInitData<z.infer<typeof state>>();
      return { round: before.round + 1, total: inputData.reduce((sum, item) => sum + item, before.total) };
    })
    .commit();
  const fanOut = createWorkflow({ id: "fan-out", inputSchema: state, outputSchema: state })
    // Mastra's types of a nested workflow and of a step do not fit each other under exactOptionalPropertyTypes.
    .dountil(
      round as never,
      async ({ inputData }: { inputData: { round: number } }) => inputData.round >= rounds,
    )
    .commit();
  const registered = new Mastra({ storage, workflows: { fanOut }, logger: false }).getWorkflow("fanOut");
  const run = await registered.createRun();
  const ended = await run.start({ inputData: { round: 0, total: 0 } });
  const total = ended.status === "success" ? ended.result.total : ended.status;
  expectResult("total", total, (rounds * width * (width - 1)) / 2);
}

async function runShortRuns(storage: LibSQLStore, workload: ShortRunsWorkload): Promise<void> {
  const linear = createWorkflow({ id: "linear", inputSchema: counted, outputSchema: counted })
    .then(incrementStep("first"))
    .then(incrementStep("second"))
    .then(incrementStep("third"))
    .then(incrementStep("fourth"))
    .then(incrementStep("fifth"))
    .commit();
  const registered = new Mastra({ storage, workflows: { linear }, logger: false }).getWorkflow("linear");
  await runPool(workload.runs, workload.concurrency, async () => {
    const run = await registered.createRun();
    const ended = await run.start({ inputData: { count: 0 } });
    expectResult("count", ended.status === "success" ? ended.result.count : ended.status, workload.stepsEach);
  });
}

/** The large value is in the workflow's state, which its steps share, and not in what they hand on. */
async function runLargeState(storage: LibSQLStore, workload: LargeStateWorkload): Promise<void> {
  const stateSchema = z.object({ text: z.string() });
  const increment = createStep({
    id: "increment",
    inputSchema: counted,
    outputSchema: counted,
    stateSchema,
    execute: async ({ inputData, setState }) => {
      const count = inputData.count + 1;
      if (workload.rewrite) await setState({ text: textOfSize(workload.sizeBytes, count) });
      return { count };
    },
  });
  const large = createWorkflow({ id: "large", inputSchema: counted, outputSchema: counted, stateSchema })
    .dountil(increment, async ({ inputData }) => inputData.count >= workload.steps)
    .commit();
  const registered = new Mastra({ storage, workflows: { large }, logger: false }).getWorkflow("large");
  const run = await registered.createRun();
  const ended = await run.start({
    inputData: { count: 0 },
    initialState: { text: textOfSize(workload.sizeBytes, 0) },
    outputOptions: { includeState: true },
  });
  if (ended.status !== "success") throw new Error(`the run ended with ${ended.status}`);
  expectResult("count", ended.result.count, workload.steps);
  expectResult("text", ended.state?.text.length, workload.sizeBytes);
}
