import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { EngineOptions } from "../../../packages/agentflow/src/index.ts";
import type { ServerPlace } from "../servers/server-place.ts";
import { textOfSize } from "../workloads/text-of-size.ts";
import type {
  ChainWorkload,
  FanOutWorkload,
  LargeStateWorkload,
  LoopWorkload,
  ShortRunsWorkload,
  Workload,
} from "../workloads/workload.ts";
import { runPool } from "./run-pool.ts";
import { expectResult, type Session, type System } from "./system.ts";

type AgentFlow = typeof import("../../../packages/agentflow/src/index.ts");
type Engine = Awaited<ReturnType<AgentFlow["createEngine"]>>;

/** What a commit survives, by name. */
export type Durability = "normal" | "strict" | "batched";

/** Where a run is kept and what a commit survives. */
export interface AgentFlowOptions {
  readonly store: "memory" | "sqlite" | "postgres" | "mysql";
  readonly durability: Durability;
  /** Whether each run also writes its run directory. */
  readonly runDirectory: boolean;
}

/** AgentFlow through its public interface, from its sources or from the built entry in `AGENTFLOW_ENTRY`. */
export function agentFlow({ store, durability, runDirectory }: AgentFlowOptions): System {
  return {
    // Its store thread is compiled once in the life of a process, as all else is.
    ...(store === "sqlite" && durability !== "normal" ? { staysOpen: true } : {}),
    async open(directory) {
      const place = await openPlace(store, directory);
      const session = await openSession({
        store: place.url,
        ...(store === "memory" ? {} : { durability }),
        ...(runDirectory ? { runsDirectory: join(directory, "runs") } : {}),
      });
      return {
        run: session.run,
        ...(store === "postgres" ? { storedBytes: () => storedInPostgres(place) } : {}),
        async close() {
          await session.close();
          await place.drop();
        },
      };
    },
  };
}

async function openPlace(store: AgentFlowOptions["store"], directory: string): Promise<ServerPlace> {
  if (store === "postgres" || store === "mysql") {
    const { openServerPlace } = await import("../servers/server-place.ts");
    return openServerPlace(store, directory);
  }
  const url = store === "memory" ? "memory:" : `sqlite:${join(directory, "agentflow.db")}`;
  return { name: store, url, drop: async () => undefined };
}

async function storedInPostgres(place: ServerPlace): Promise<number> {
  const { postgresSizeBytes } = await import("../servers/postgres-size.ts");
  return postgresSizeBytes(place);
}

async function openSession(options: EngineOptions): Promise<Session> {
  const agentflow = await importAgentFlow();
  const engine = await agentflow.createEngine({ ...options, maxSteps: 1_000_000 });
  const run = async (workload: Workload): Promise<void> => {
    switch (workload.kind) {
      case "loop":
        return runLoop(agentflow, engine, workload);
      case "fan-out":
        return runFanOut(agentflow, engine, workload);
      case "short-runs":
        return runShortRuns(agentflow, engine, workload);
      case "large-state":
        return runLargeState(agentflow, engine, workload);
      case "chain":
        return runChain(agentflow, engine, workload);
    }
  };
  return { run, close: async () => engine[Symbol.asyncDispose]() };
}

async function importAgentFlow(): Promise<AgentFlow> {
  const entry = process.env["AGENTFLOW_ENTRY"];
  if (entry === undefined) return import("../../../packages/agentflow/src/index.ts");
  return (await import(pathToFileURL(entry).href)) as AgentFlow;
}

/** What a call outside answers. */
const next = async (count: number): Promise<number> => count + 1;

async function runLoop({ append, value, workflow }: AgentFlow, engine: Engine, workload: LoopWorkload) {
  const loop = workflow("loop", { version: "1", state: { count: value(0), items: append<number>() } })
    .start("increment", ({ count }, ctx) => {
      if (workload.calls === true)
        return ctx.io("increment", count, next).then((counted) => ({ count: counted }));
      return workload.append ? { count: count + 1, items: [count] } : { count: count + 1 };
    })
    .route("increment", { to: ["increment"] }, ({ count }) => (count < workload.steps ? "increment" : []))
    .end("increment");
  const run = await engine.start(loop, {});
  const { count, items } = await run.result();
  expectResult("count", count, workload.steps);
  expectResult("items", items.length, workload.append ? workload.steps : 0);
}

async function runFanOut({ sum, value, workflow }: AgentFlow, engine: Engine, workload: FanOutWorkload) {
  const items = Array.from({ length: workload.width }, (_, item) => item);
  const fanOut = workflow("fan-out", { version: "1", state: { round: value(0), total: sum(0) } })
    .start("plan", ({ round }) => ({ round: round + 1 }))
    .map("work", { after: "plan", over: () => items }, (item) => ({ total: item }))
    .route("work", { to: ["plan"] }, ({ round }) => (round < workload.rounds ? "plan" : []))
    .end("work");
  const run = await engine.start(fanOut, {});
  const { total } = await run.result();
  expectResult("total", total, (workload.rounds * workload.width * (workload.width - 1)) / 2);
}

async function runShortRuns({ value, workflow }: AgentFlow, engine: Engine, workload: ShortRunsWorkload) {
  const increment = ({ count }: { readonly count: number }) => ({ count: count + 1 });
  const linear = workflow("linear", { version: "1", state: { count: value(0) } })
    .start("first", increment)
    .node("second", { after: "first" }, increment)
    .node("third", { after: "second" }, increment)
    .node("fourth", { after: "third" }, increment)
    .node("fifth", { after: "fourth" }, increment)
    .end("fifth");
  await runPool(workload.runs, workload.concurrency, async () => {
    const run = await engine.start(linear, {});
    const { count } = await run.result();
    expectResult("count", count, workload.stepsEach);
  });
}

async function runLargeState({ value, workflow }: AgentFlow, engine: Engine, workload: LargeStateWorkload) {
  const large = workflow("large", { version: "1", state: { count: value(0), text: value<string>() } })
    .start("increment", ({ count }) =>
      workload.rewrite
        ? { count: count + 1, text: textOfSize(workload.sizeBytes, count + 1) }
        : { count: count + 1 },
    )
    .route("increment", { to: ["increment"] }, ({ count }) => (count < workload.steps ? "increment" : []))
    .end("increment");
  const run = await engine.start(large, { text: textOfSize(workload.sizeBytes, 0) });
  const { count, text } = await run.result();
  expectResult("count", count, workload.steps);
  expectResult("text", text.length, workload.sizeBytes);
}

async function runChain({ value, workflow }: AgentFlow, engine: Engine, workload: ChainWorkload) {
  const increment = ({ count }: { readonly count: number }) => ({ count: count + 1 });
  let chain = workflow("chain", { version: "1", state: { count: value(0) } })
    .start("node-0", increment)
    .dynamic();
  for (let node = 1; node < workload.nodes; node++)
    chain = chain.node(`node-${node}`, { after: `node-${node - 1}` }, increment);
  const run = await engine.start(chain.end(`node-${workload.nodes - 1}`), {});
  const { count } = await run.result();
  expectResult("count", count, workload.nodes);
}
