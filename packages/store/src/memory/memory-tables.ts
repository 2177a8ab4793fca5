import { type OwnerRow, StoreUnavailableError } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { MemoryRun } from "./memory-run.ts";

/** What the parts of one memory store share. Every access throws StoreUnavailableError once it is closed. */
export class MemoryTables {
  readonly #runs = new Map<string, MemoryRun>();
  readonly #definitions = new Map<string, string>();
  readonly #owners = new Map<string, OwnerRow>();
  #closed = false;

  get owners(): Map<string, OwnerRow> {
    this.checkOpen();
    return this.#owners;
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

  add(run: MemoryRun, definition: string): void {
    const { tenant, runId, fingerprint } = run.origin;
    this.#runs.set(runKey(tenant, runId), run);
    const key = runKey(tenant, fingerprint);
    if (!this.#definitions.has(key)) this.#definitions.set(key, definition);
  }

  close(): void {
    this.#closed = true;
  }

  checkOpen(): void {
    if (this.#closed) throw new StoreUnavailableError("The store is closed.");
  }
}
