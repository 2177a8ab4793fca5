import { DBOS } from "@dbos-inc/dbos-sdk";
import { postgresSizeBytes } from "../servers/postgres-size.ts";
import { openServerPlace } from "../servers/server-place.ts";
import { textOfSize } from "../workloads/text-of-size.ts";
import type {
  FanOutWorkload,
  LargeStateWorkload,
  LoopWorkload,
  ShortRunsWorkload,
  Workload,
} from "../workloads/workload.ts";
import { runPool } from "./run-pool.ts";
import { expectResult, type Session, type System } from "./system.ts";

/**
 * DBOS in a schema of its own on PostgreSQL, with its default pool of ten connections: workflows of steps, parallel
 * steps started in a fixed order and awaited together, workflows started directly. Its workflows are of the process, so
 * it is opened once.
 */
export const dbos: System = {
  staysOpen: true,
  async open(directory) {
    const place = await openServerPlace("postgres", directory);
    DBOS.setConfig({
      name: "bench",
      systemDatabaseUrl: place.url,
      systemDatabaseSchemaName: place.name,
      logLevel: "error",
    });
    await DBOS.launch();
    return {
      run: runWorkload,
      storedBytes: () => postgresSizeBytes(place),
      async close() {
        await DBOS.shutdown();
        await place.drop();
      },
    } satisfies Session;
  },
};

async function runWorkload(workload: Workload): Promise<void> {
  switch (workload.kind) {
    case "loop":
      return runLoop(workload);
    case "fan-out":
      return runFanOut(workload);
    case "short-runs":
      return runShortRuns(workload);
    case "large-state":
      return runLargeState(workload);
    case "chain":
      throw new Error("DBOS is not measured on chains");
  }
}

const countTo = DBOS.registerWorkflow(
  async (steps: number): Promise<number> => {
    let count = 0;
    while (count < steps) {
      const before = count;
      count = await DBOS.runStep(async () => before + 1, { name: "increment" });
    }
    return count;
  },
  { name: "count-to" },
);

async function runLoop({ steps }: LoopWorkload): Promise<void> {
  expectResult("count", await countTo(steps), steps);
}

const fanOut = DBOS.registerWorkflow(
  async ({ width, rounds }: FanOutWorkload): Promise<number> => {
    let round = 0;
    let total = 0;
    while (round < rounds) {
      const before = round;
      round = await DBOS.runStep(async () => before + 1, { name: "plan" });
      const settled = await Promise.allSettled(
        Array.from({ length: width }, (_, item) => DBOS.runStep(async () => item, { name: "work" })),
      );
      for (const each of settled) {
        if (each.status === "rejected") throw each.reason;
        total += each.value;
      }
    }
    return total;
  },
  { name: "fan-out" },
);

async function runFanOut(workload: FanOutWorkload): Promise<void> {
  const { width, rounds } = workload;
  expectResult("total", await fanOut(workload), (rounds * width * (width - 1)) / 2);
}

async function runShortRuns({ runs, concurrency, stepsEach }: ShortRunsWorkload): Promise<void> {
  await runPool(runs, concurrency, async () => {
    expectResult("count", await countTo(stepsEach), stepsEach);
  });
}

interface LargeState {
  readonly count: number;
  readonly text: string;
}

const large = DBOS.registerWorkflow(
  async (workload: LargeStateWorkload, input: string): Promise<LargeState> => {
    let state: LargeState = { count: 0, text: input };
    while (state.count < workload.steps) {
      const count = state.count + 1;
      if (workload.rewrite) {
        const rewrite = async () => ({ count, text: textOfSize(workload.sizeBytes, count) });
        state = await DBOS.runStep(rewrite, { name: "rewrite" });
      } else {
        state = { ...state, count: await DBOS.runStep(async () => count, { name: "increment" }) };
      }
    }
    return state;
  },
  { name: "large" },
);

async function runLargeState(workload: LargeStateWorkload): Promise<void> {
  const { count, text } = await large(workload, textOfSize(workload.sizeBytes, 0));
  expectResult("count", count, workload.steps);
  expectResult("text", text.length, workload.sizeBytes);
}
