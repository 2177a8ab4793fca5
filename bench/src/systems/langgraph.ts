import { join } from "node:path";
import { Annotation, END, MemorySaver, Send, START, StateGraph } from "@langchain/langgraph";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
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

/** What belongs to a saver and its session. */
type SaverParts = Omit<Session, "run">;

/** LangGraph JS with its memory saver, at its default durability. */
export const langgraphMemory: System = {
  open: async () => session(new MemorySaver(), { close: async () => undefined }),
};

/** LangGraph JS with its own SQLite saver (better-sqlite3, WAL), at NORMAL and at its default durability. */
export const langgraphSqlite: System = {
  open: async (directory) => {
    const { SqliteSaver } = await import("@langchain/langgraph-checkpoint-sqlite");
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(join(directory, "langgraph.db"));
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    return session(new SqliteSaver(database), { close: async () => void database.close() });
  },
};

/** LangGraph JS with its own PostgreSQL saver (pg, its default pool), at its default durability. */
export const langgraphPostgres: System = {
  staysOpen: true,
  open: async (directory) => {
    const { PostgresSaver } = await import("@langchain/langgraph-checkpoint-postgres");
    const { openServerPlace } = await import("../servers/server-place.ts");
    const { postgresSizeBytes } = await import("../servers/postgres-size.ts");
    const place = await openServerPlace("postgres", directory);
    const saver = PostgresSaver.fromConnString(place.url, { schema: place.name });
    await saver.setup();
    return session(saver, {
      storedBytes: () => postgresSizeBytes(place),
      async close() {
        await saver.end();
        await place.drop();
      },
    });
  },
};

function session(saver: BaseCheckpointSaver, parts: SaverParts): Session {
  let runs = 0;
  const options = (steps: number) => ({
    configurable: { thread_id: `run-${runs++}` },
    recursionLimit: steps + 10,
  });
  const run = async (workload: Workload): Promise<void> => {
    switch (workload.kind) {
      case "loop":
        return runLoop(saver, workload, options(workload.steps));
      case "fan-out":
        return runFanOut(saver, workload, options(2 * workload.rounds));
      case "short-runs":
        return runShortRuns(saver, workload, () => options(workload.stepsEach));
      case "large-state":
        return runLargeState(saver, workload, options(workload.steps));
      case "chain":
        throw new Error("LangGraph is not measured on chains");
    }
  };
  return { ...parts, run };
}

interface RunOptions {
  readonly configurable: { readonly thread_id: string };
  readonly recursionLimit: number;
}

/** What a call outside answers. */
const next = async (count: number): Promise<number> => count + 1;

async function runLoop(saver: BaseCheckpointSaver, workload: LoopWorkload, options: RunOptions) {
  const state = Annotation.Root({
    count: Annotation<number>,
    items: Annotation<number[], number[]>({
      reducer: (list, added) => list.concat(added),
      default: () => [],
    }),
  });
  const graph = new StateGraph(state)
    .addNode("increment", ({ count }) => {
      if (workload.calls === true) return next(count).then((counted) => ({ count: counted }));
      return workload.append ? { count: count + 1, items: [count] } : { count: count + 1 };
    })
    .addEdge(START, "increment")
    .addConditionalEdges("increment", ({ count }) => (count < workload.steps ? "increment" : END), [
      "increment",
      END,
    ])
    .compile({ checkpointer: saver });
  const { count } = await graph.invoke({ count: 0 }, options);
  expectResult("count", count, workload.steps);
}

async function runFanOut(saver: BaseCheckpointSaver, workload: FanOutWorkload, options: RunOptions) {
  const state = Annotation.Root({
    round: Annotation<number>,
    total: Annotation<number>({ reducer: (total, added) => total + added, default: () => 0 }),
  });
  const work = Annotation.Root({ item: Annotation<number> });
  const items = Array.from({ length: workload.width }, (_, item) => item);
  const graph = new StateGraph(state)
    .addNode("plan", ({ round }) => ({ round: round + 1 }))
    .addNode("work", ({ item }: typeof work.State) => ({ total: item }), { input: work })
    .addEdge(START, "plan")
    .addConditionalEdges("plan", () => items.map((item) => new Send("work", { item })), ["work"])
    .addConditionalEdges("work", ({ round }) => (round < workload.rounds ? "plan" : END), ["plan", END])
    .compile({ checkpointer: saver });
  const { total } = await graph.invoke({ round: 0 }, options);
  expectResult("total", total, (workload.rounds * workload.width * (workload.width - 1)) / 2);
}

async function runShortRuns(
  saver: BaseCheckpointSaver,
  workload: ShortRunsWorkload,
  options: () => RunOptions,
) {
  const state = Annotation.Root({ count: Annotation<number> });
  const increment = ({ count }: typeof state.State) => ({ count: count + 1 });
  const graph = new StateGraph(state)
    .addNode("first", increment)
    .addNode("second", increment)
    .addNode("third", increment)
    .addNode("fourth", increment)
    .addNode("fifth", increment)
    .addEdge(START, "first")
    .addEdge("first", "second")
    .addEdge("second", "third")
    .addEdge("third", "fourth")
    .addEdge("fourth", "fifth")
    .addEdge("fifth", END)
    .compile({ checkpointer: saver });
  await runPool(workload.runs, workload.concurrency, async () => {
    const { count } = await graph.invoke({ count: 0 }, options());
    expectResult("count", count, workload.stepsEach);
  });
}

async function runLargeState(saver: BaseCheckpointSaver, workload: LargeStateWorkload, options: RunOptions) {
  const state = Annotation.Root({ count: Annotation<number>, text: Annotation<string> });
  const graph = new StateGraph(state)
    .addNode("increment", ({ count }) =>
      workload.rewrite
        ? { count: count + 1, text: textOfSize(workload.sizeBytes, count + 1) }
        : { count: count + 1 },
    )
    .addEdge(START, "increment")
    .addConditionalEdges("increment", ({ count }) => (count < workload.steps ? "increment" : END), [
      "increment",
      END,
    ])
    .compile({ checkpointer: saver });
  const { count, text } = await graph.invoke({ count: 0, text: textOfSize(workload.sizeBytes, 0) }, options);
  expectResult("count", count, workload.steps);
  expectResult("text", text.length, workload.sizeBytes);
}
