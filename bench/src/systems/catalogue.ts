import type { FloorStore } from "../floor/statement-log.ts";
import type { Durability } from "./agentflow.ts";
import { peers } from "./peers.ts";
import type { FloorId, System, SystemDescription, SystemId } from "./system.ts";

const noEmitters = "none";
const serverPromise = "crash of the process and of the server (the server's own setting)";

/** Stores that keep runs beyond the process, with what a commit survives at each level. */
const durableStores: readonly {
  readonly store: FloorStore;
  readonly label: string;
  readonly promises: Readonly<Record<Durability, string>>;
}[] = [
  {
    store: "sqlite",
    label: "SQLite",
    promises: { normal: "process crash", strict: "power loss", batched: "power loss, 10 ms later" },
  },
  {
    store: "postgres",
    label: "PostgreSQL",
    promises: { normal: serverPromise, strict: "power loss", batched: "power loss, 10 ms later" },
  },
  {
    store: "mysql",
    label: "MariaDB",
    promises: { normal: serverPromise, strict: "power loss", batched: "power loss, 10 ms later" },
  },
];

const levels: readonly Durability[] = ["normal", "strict", "batched"];

/** A store of AgentFlow at a level, beside the floor that re-issues its statements. */
export const floored = durableStores.flatMap(({ store, label, promises }) =>
  levels.map((durability) => ({
    store,
    durability,
    system: `agentflow-${store}-${durability}` as const,
    floor: `floor-${store}-${durability}` as const satisfies FloorId,
    label: `${label} \`${durability}\``,
    promise: promises[durability],
  })),
);

/** The systems as a report names them; ids are stable, they are keys of the baseline. */
export const systemDescriptions: readonly SystemDescription[] = [
  { id: "agentflow-memory", label: "AgentFlow, memory", durability: "none", emitters: noEmitters },
  ...floored.map(({ system, label, promise }) => ({
    id: system,
    label: `AgentFlow, ${label}`,
    durability: promise,
    emitters: noEmitters,
  })),
  {
    id: "agentflow-run-directory",
    label: "AgentFlow, SQLite `normal`, run directory on",
    durability: "process crash",
    emitters: "run directory",
  },
  ...peers.map(({ id, label, durability }) => ({ id, label, durability, emitters: noEmitters })),
  {
    id: "bare-sqlite-normal",
    label: "bare SQLite commits (WAL, NORMAL)",
    durability: "process crash",
    emitters: noEmitters,
  },
  {
    id: "bare-sqlite-full",
    label: "bare SQLite commits (WAL, FULL)",
    durability: "power loss",
    emitters: noEmitters,
  },
  ...floored.map(({ floor, label, promise }) => ({
    id: floor,
    label: `floor of ${label}: its statements re-issued`,
    durability: promise,
    emitters: noEmitters,
  })),
];

/** What a report says of a system. */
export function describeSystem(id: SystemId): SystemDescription {
  const description = systemDescriptions.find((each) => each.id === id);
  if (description === undefined) throw new Error(`${id} is no system`);
  return description;
}

/** Loads only what the system needs, so that a child process holds nothing of the others. */
export async function loadSystem(id: SystemId, statementLogPath: string | undefined): Promise<System> {
  const target = floored.find(({ system, floor }) => system === id || floor === id);
  if (target !== undefined) return loadFloored(id, target, statementLogPath);
  switch (id) {
    case "agentflow-memory":
    case "agentflow-run-directory": {
      const { agentFlow } = await import("./agentflow.ts");
      return agentFlow({
        store: id === "agentflow-memory" ? "memory" : "sqlite",
        durability: "normal",
        runDirectory: id === "agentflow-run-directory",
      });
    }
    case "langgraph-memory":
      return (await import("./langgraph.ts")).langgraphMemory;
    case "langgraph-sqlite":
      return (await import("./langgraph.ts")).langgraphSqlite;
    case "langgraph-postgres":
      return (await import("./langgraph.ts")).langgraphPostgres;
    case "mastra-libsql":
      return (await import("./mastra.ts")).mastra;
    case "dbos-postgres":
      return (await import("./dbos.ts")).dbos;
    case "restate":
      return (await import("./restate.ts")).restateServer;
    case "bare-sqlite-normal":
    case "bare-sqlite-full": {
      const { bareSqlite } = await import("./bare-sqlite.ts");
      return bareSqlite(id === "bare-sqlite-full" ? "FULL" : "NORMAL");
    }
    default:
      throw new Error(`${id} is no system`);
  }
}

async function loadFloored(
  id: SystemId,
  { store, durability, system }: (typeof floored)[number],
  statementLogPath: string | undefined,
): Promise<System> {
  if (id === system) {
    const { agentFlow } = await import("./agentflow.ts");
    return agentFlow({ store, durability, runDirectory: false });
  }
  if (statementLogPath === undefined) throw new Error(`${id} needs a recorded statement log`);
  const { floor } = await import("./floor.ts");
  return floor(statementLogPath);
}
