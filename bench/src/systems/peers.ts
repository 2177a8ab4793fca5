import type { SystemId } from "./system.ts";

/** The workloads whose speed is compared with that of the peers. */
export const comparedAt = ["W1", "W2", "W3"] as const;

/** The systems of other projects, in the order of the report. */
export type PeerId =
  | "langgraph-memory"
  | "langgraph-sqlite"
  | "mastra-libsql"
  | "langgraph-postgres"
  | "dbos-postgres"
  | "restate";

/** A system of another project. */
export interface Peer {
  readonly id: PeerId;
  readonly label: string;
  /** What a commit survives with the settings that are measured, which are its own. */
  readonly durability: string;
  /** The stores of AgentFlow that keep runs in the same kind of place and sync as often. */
  readonly against: readonly Comparison[];
}

/** A store of AgentFlow, and how many times as fast as the peer it has to be at each workload. */
export interface Comparison {
  readonly store: SystemId;
  readonly atLeast: Readonly<Record<(typeof comparedAt)[number], number>>;
}

const serverPromise = "crash of the process and of the server (the server's own setting)";
const langgraphDurability = "`async`, its default: a step may run before the last one is stored";

/** All of them. Restate has no database of the user's: it is compared with a local file and with a server. */
export const peers: readonly Peer[] = [
  {
    id: "langgraph-memory",
    label: "LangGraph JS, memory saver",
    durability: "none",
    against: [{ store: "agentflow-memory", atLeast: { W1: 20, W2: 20, W3: 20 } }],
  },
  {
    id: "langgraph-sqlite",
    label: "LangGraph JS, SQLite saver (WAL, NORMAL)",
    durability: `process crash; ${langgraphDurability}`,
    against: [{ store: "agentflow-sqlite-normal", atLeast: { W1: 10, W2: 10, W3: 10 } }],
  },
  {
    id: "mastra-libsql",
    label: "Mastra, libsql in a file (WAL, NORMAL)",
    durability: "process crash",
    against: [{ store: "agentflow-sqlite-normal", atLeast: { W1: 3, W2: 3, W3: 3 } }],
  },
  {
    id: "langgraph-postgres",
    label: "LangGraph JS, PostgreSQL saver",
    durability: `${serverPromise}; ${langgraphDurability}`,
    against: [{ store: "agentflow-postgres-normal", atLeast: { W1: 3, W2: 10, W3: 10 } }],
  },
  {
    id: "dbos-postgres",
    label: "DBOS, PostgreSQL",
    durability: serverPromise,
    against: [{ store: "agentflow-postgres-normal", atLeast: { W1: 3, W2: 10, W3: 10 } }],
  },
  {
    id: "restate",
    label: "Restate, one server of its own",
    durability: "power loss (its server syncs its log)",
    against: [
      { store: "agentflow-sqlite-strict", atLeast: { W1: 3, W2: 3, W3: 3 } },
      { store: "agentflow-postgres-normal", atLeast: { W1: 3, W2: 3, W3: 3 } },
    ],
  },
];

/** Every peer with each store it is compared with. */
export const comparisons: readonly (Comparison & { readonly peer: Peer })[] = peers.flatMap((peer) =>
  peer.against.map((comparison) => ({ ...comparison, peer })),
);
