import { finishedStatuses, type OwnerRow, type OwnershipStore, type RunHead } from "@agentflow/core";
import type { MemoryTables } from "./memory-tables.ts";
import { takeRun } from "./taken-run.ts";

const finished: ReadonlySet<string> = new Set(finishedStatuses);

/** Owners and epochs in memory (S20). */
export class MemoryOwners implements OwnershipStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async registerOwner(owner: OwnerRow): Promise<void> {
    this.#tables.owners.set(owner.ownerId, Object.freeze({ ...owner }));
  }

  async beat(ownerId: string): Promise<boolean> {
    const owner = this.#tables.owners.get(ownerId);
    if (owner) this.#tables.owners.set(ownerId, Object.freeze({ ...owner, counter: owner.counter + 1 }));
    return owner !== undefined;
  }

  async readOwner(ownerId: string): Promise<OwnerRow | undefined> {
    return this.#tables.owners.get(ownerId);
  }

  async listOwners(): Promise<readonly OwnerRow[]> {
    return [...this.#tables.owners.values()];
  }

  async removeOwner(ownerId: string): Promise<void> {
    this.#tables.owners.delete(ownerId);
  }

  async takeRun(request: Parameters<OwnershipStore["takeRun"]>[0]): Promise<RunHead | undefined> {
    const { tenant, runId, expectedEpoch: epoch, expectedOwner: owner, ownerId: by, recovery } = request;
    const run = this.#tables.run(tenant, runId);
    return run && takeRun(run, { epoch, owner, by, recovery }) ? run.head : undefined;
  }

  async listOrphans(request: Parameters<OwnershipStore["listOrphans"]>[0]): Promise<readonly RunHead[]> {
    const { tenant, workflows, living, limit } = request;
    return this.#tables
      .runsOf(tenant)
      .filter(
        ({ owner, origin }) =>
          owner !== undefined && !living.includes(owner) && workflows.includes(origin.workflow),
      )
      .filter(({ progress }) => !finished.has(progress.status))
      .slice(0, limit)
      .map((run) => run.head);
  }

  async releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): Promise<boolean> {
    const run = this.#tables.run(request.tenant, request.runId);
    if (run === undefined || run.owner !== request.ownerId || run.progress.epoch !== request.epoch)
      return false;
    run.owner = undefined;
    return true;
  }
}
