import type { OwnerRow, OwnershipStore, RunHead } from "@agentflow/core";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Owners and epochs on SQLite (S20). */
export class SqliteOwners implements OwnershipStore {
  readonly #access: SqliteAccess;

  constructor(access: SqliteAccess) {
    this.#access = access;
  }

  async registerOwner(owner: OwnerRow): Promise<void> {
    await this.#access.writer.call(undefined, "registerOwner", owner);
  }

  async beat(ownerId: string): Promise<boolean> {
    return this.#access.writer.call(undefined, "beat", ownerId);
  }

  async readOwner(ownerId: string): Promise<OwnerRow | undefined> {
    return this.#access.read(({ owners }) => owners.read(ownerId));
  }

  async listOwners(): Promise<readonly OwnerRow[]> {
    return this.#access.read(({ owners }) => owners.list());
  }

  async removeOwner(ownerId: string): Promise<void> {
    await this.#access.writer.call(undefined, "removeOwner", ownerId);
  }

  async takeRun(request: Parameters<OwnershipStore["takeRun"]>[0]): Promise<RunHead | undefined> {
    return this.#access.writer.call(undefined, "takeRun", request);
  }

  async listOrphans(request: Parameters<OwnershipStore["listOrphans"]>[0]): Promise<readonly RunHead[]> {
    return this.#access.read(({ owners }) => owners.listOrphans(request));
  }

  async releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): Promise<boolean> {
    return this.#access.writer.call(undefined, "releaseRun", request);
  }
}
