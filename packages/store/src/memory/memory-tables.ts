import { type OwnerRow, type ScheduleRow, StoreUnavailableError } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { MemoryRun } from "./memory-run.ts";

/** What the parts of one memory store share. Every access throws StoreUnavailableError once it is closed. */
export class MemoryTables {
  readonly #runs = new Map<string, MemoryRun>();
  readonly #definitions = new Map<string, string>();
  readonly #owners = new Map<string, OwnerRow>();
  readonly #schedules = new Map<string, ScheduleRow>();
  #runsMade = 0;
  #closed = false;

  get owners(): Map<string, OwnerRow> {
    this.checkOpen();
    return this.#owners;
  }

  /** By tenant and name. */
  get schedules(): Map<string, ScheduleRow> {
    this.checkOpen();
    return this.#schedules;
  }

  run(tenant: string, runId: string): MemoryRun | undefined {
    this.checkOpen();
    return this.#runs.get(runKey(tenant, runId));
  }

  runsOf(tenant: string): MemoryRun[] {
    this.checkOpen();
    return [...this.#runs.values()].filter((run) => run.origin.tenant === tenant);
  }

  definition(tenant: string, fingerprint: string): string | undefined {
    this.checkOpen();
    return this.#definitions.get(runKey(tenant, fingerprint));
  }

  /** The number of the next run to be made. */
  nextNumber(): number {
    this.#runsMade += 1;
    return this.#runsMade;
  }

  add(run: MemoryRun, definition: string): void {
    const { tenant, runId, fingerprint } = run.origin;
    this.#runs.set(runKey(tenant, runId), run);
    const key = runKey(tenant, fingerprint);
    if (!this.#definitions.has(key)) this.#definitions.set(key, definition);
  }

  remove({ origin }: MemoryRun): void {
    this.#runs.delete(runKey(origin.tenant, origin.runId));
  }

  close(): void {
    this.#closed = true;
  }

  checkOpen(): void {
    if (this.#closed) throw new StoreUnavailableError("The store is closed.");
  }
}
