import type { System, SystemDescription, SystemId } from "./system.ts";

const noEmitters = "none";
const langgraphDurability = "async (LangGraph's default: a step may run before the last one is stored)";

/** The systems as a report names them; ids are stable, they are keys of the baseline. */
export const systemDescriptions: readonly SystemDescription[] = [
  { id: "agentflow-memory", label: "AgentFlow, memory", durability: "none", emitters: noEmitters },
  {
    id: "agentflow-sqlite-normal",
    label: "AgentFlow, SQLite `normal`",
    durability: "process crash",
    emitters: noEmitters,
  },
  {
    id: "agentflow-sqlite-strict",
    label: "AgentFlow, SQLite `strict`",
    durability: "power loss",
    emitters: noEmitters,
  },
  {
    id: "agentflow-run-directory",
    label: "AgentFlow, SQLite `normal`, run directory on",
    durability: "process crash",
    emitters: "run directory",
  },
  { id: "langgraph-memory", label: "LangGraph JS, memory saver", durability: "none", emitters: noEmitters },
  {
    id: "langgraph-sqlite",
    label: "LangGraph JS, SQLite saver (WAL, NORMAL)",
    durability: `process crash; ${langgraphDurability}`,
    emitters: noEmitters,
  },
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
  {
    id: "floor-normal",
    label: "floor: AgentFlow's statements re-issued (NORMAL)",
    durability: "process crash",
    emitters: noEmitters,
  },
  {
    id: "floor-full",
    label: "floor: AgentFlow's statements re-issued (FULL)",
    durability: "power loss",
    emitters: noEmitters,
  },
];

/** Loads only what the system needs, so that a child process holds nothing of the others. */
export async function loadSystem(id: SystemId, statementLogPath: string | undefined): Promise<System> {
  switch (id) {
    case "agentflow-memory":
    case "agentflow-sqlite-normal":
    case "agentflow-sqlite-strict":
    case "agentflow-run-directory": {
      const { agentFlow } = await import("./agentflow.ts");
      return agentFlow({
        store: id === "agentflow-memory" ? "memory" : "sqlite",
        durability: id === "agentflow-sqlite-strict" ? "strict" : "normal",
        runDirectory: id === "agentflow-run-directory",
      });
    }
    case "langgraph-memory":
      return (await import("./langgraph.ts")).langgraphMemory;
    case "langgraph-sqlite":
      return (await import("./langgraph.ts")).langgraphSqlite;
    case "bare-sqlite-normal":
    case "bare-sqlite-full": {
      const { bareSqlite } = await import("./bare-sqlite.ts");
      return bareSqlite(id === "bare-sqlite-full" ? "FULL" : "NORMAL");
    }
    case "floor-normal":
    case "floor-full": {
      if (statementLogPath === undefined) throw new Error(`${id} needs a recorded statement log`);
      const { floor } = await import("./floor.ts");
      return floor(statementLogPath, id === "floor-full" ? "FULL" : "NORMAL");
    }
  }
}
