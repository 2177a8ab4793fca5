import type { Workload } from "../workloads/workload.ts";

/** An opened system: it does workloads, one after the other, each checked by its result. */
export interface Session {
  /** Does the workload to its durable end; throws when the result is not the expected one. */
  run(workload: Workload): Promise<void>;
  close(): Promise<void>;
}

/** Something that is measured. */
export interface System {
  supports(workload: Workload): boolean;
  /** Opens it on an empty or earlier used folder, which is its own. */
  open(directory: string): Promise<Session>;
}

/** What a report says of a system. */
export interface SystemDescription {
  readonly id: SystemId;
  readonly label: string;
  readonly durability: string;
  readonly emitters: string;
}

/** The systems, in the order of the report. */
export type SystemId =
  | "agentflow-memory"
  | "agentflow-sqlite-normal"
  | "agentflow-sqlite-strict"
  | "agentflow-run-directory"
  | "langgraph-memory"
  | "langgraph-sqlite"
  | "bare-sqlite-normal"
  | "bare-sqlite-full"
  | "floor-normal"
  | "floor-full";

/** Stops the benchmark when a system did not do the work it was asked for. */
export function expectResult(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, found ${String(actual)}`);
}
