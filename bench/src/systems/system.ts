import type { FloorStore } from "../floor/statement-log.ts";
import type { Workload } from "../workloads/workload.ts";
import type { Durability } from "./agentflow.ts";
import type { PeerId } from "./peers.ts";

/** An opened system: it does workloads, one after the other, each checked by its result. */
export interface Session {
  /** Does the workload to its durable end; throws when the result is not the expected one. */
  run(workload: Workload): Promise<void>;
  /** Bytes that its server holds for it, for the systems of which that can be told. */
  storedBytes?(): Promise<number>;
  close(): Promise<void>;
}

/** Something that is measured. */
export interface System {
  /** True if opening does the work once already and a session does it once more only. */
  readonly opensWarm?: boolean;
  /** True if it is opened once for all rounds, as a service is. */
  readonly staysOpen?: boolean;
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
  | "agentflow-sqlite-batched"
  | "agentflow-run-directory"
  | "agentflow-postgres-normal"
  | "agentflow-postgres-strict"
  | "agentflow-postgres-batched"
  | "agentflow-mysql-normal"
  | "agentflow-mysql-strict"
  | "agentflow-mysql-batched"
  | "bare-sqlite-normal"
  | "bare-sqlite-full"
  | FloorId
  | PeerId;

/** The floor of each store and level, named like the system that it is the floor of. */
export type FloorId = `floor-${FloorStore}-${Durability}`;

/** Stops the benchmark when a system did not do the work it was asked for. */
export function expectResult(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, found ${String(actual)}`);
}
