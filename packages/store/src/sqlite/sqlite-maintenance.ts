import type { MaintenanceThread } from "./maintenance-client.ts";
import type { MaintenanceOperations } from "./maintenance-session.ts";
import { retryLocked } from "./retry-locked.ts";
import type { WriteGate } from "./write-gate.ts";

/** What maintenance works with. */
export interface SqliteMaintenanceParts {
  /** Copies the write-ahead log into the file if it is long: deleting fills it as commits do. */
  readonly copyLog: () => void;
  readonly thread: MaintenanceThread;
  readonly gate: WriteGate;
  readonly lockedAfterMs: number;
}

/** Calls of the maintenance thread: what reads runs beside commits, what writes takes its turn with them. */
export class SqliteMaintenance {
  readonly #parts: SqliteMaintenanceParts;

  constructor(parts: SqliteMaintenanceParts) {
    this.#parts = parts;
  }

  async read<Name extends keyof MaintenanceOperations>(
    name: Name,
    ...values: Parameters<MaintenanceOperations[Name]>
  ): Promise<Awaited<ReturnType<MaintenanceOperations[Name]>>> {
    return this.#call(name, values);
  }

  async write<Name extends keyof MaintenanceOperations>(
    name: Name,
    ...values: Parameters<MaintenanceOperations[Name]>
  ): Promise<Awaited<ReturnType<MaintenanceOperations[Name]>>> {
    const { gate, copyLog } = this.#parts;
    const value = await gate.run(() => this.#call(name, values));
    copyLog();
    return value;
  }

  close(): Promise<void> {
    return this.#parts.thread.close();
  }

  #call<Name extends keyof MaintenanceOperations>(
    name: Name,
    values: Parameters<MaintenanceOperations[Name]>,
  ): Promise<Awaited<ReturnType<MaintenanceOperations[Name]>>> {
    const { thread, lockedAfterMs } = this.#parts;
    type Value = Awaited<ReturnType<MaintenanceOperations[Name]>>;
    return retryLocked(() => thread.call(name, ...values) as Promise<Value>, lockedAfterMs);
  }
}
