import { type OwnerRow, type OwnershipStore, type RunHead, StoreUnavailableError } from "@agentflow/core";
import { checkIdentifier, runKey } from "../rows/identifiers.ts";
import { ofRun, readHead } from "./run-reader.ts";
import type { ServerStore } from "./server-store.ts";

type Take = Parameters<OwnershipStore["takeRun"]>[0];

/** Owners and epochs on a database server (S20). */
export class ServerOwners implements OwnershipStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async registerOwner({ ownerId, host, pid, processStart, counter }: OwnerRow): Promise<void> {
    checkIdentifier("ownerId", ownerId);
    await this.#store.database.transaction(async (session) => {
      await session.change("DELETE FROM af_owners WHERE owner_id = ?", ownerId);
      await session.change(insertSql, ownerId, host, pid, processStart, counter);
    });
  }

  async beat(ownerId: string): Promise<void> {
    await this.#change("UPDATE af_owners SET counter = counter + 1 WHERE owner_id = ?", ownerId);
  }

  async readOwner(ownerId: string): Promise<OwnerRow | undefined> {
    const [values] = await this.#store.database.repeatable((session) => session.rows(readSql, ownerId));
    if (values === undefined) return undefined;
    return {
      ownerId: values[0] as string,
      host: values[1] as string,
      pid: values[2] as number,
      processStart: values[3] as string,
      counter: values[4] as number,
    };
  }

  async removeOwner(ownerId: string): Promise<void> {
    await this.#change("DELETE FROM af_owners WHERE owner_id = ?", ownerId);
  }

  async takeRun(request: Take): Promise<RunHead | undefined> {
    const { tenant, runId, expectedEpoch, ownerId } = request;
    try {
      return await this.#take(request);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      // The server may have taken the run for us before the connection broke; an owner id belongs to one process.
      const head = await this.#store.database.repeatable((session) => readHead(session, tenant, runId));
      if (head?.epoch === expectedEpoch + 1 && head.owner === ownerId) return head;
      throw error;
    }
  }

  async releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): Promise<boolean> {
    const { tenant, runId, ownerId, epoch } = request;
    return (await this.#change(releaseSql, runKey(tenant, runId), ownerId, epoch)) === 1;
  }

  #take({ tenant, runId, expectedEpoch, expectedOwner, ownerId, recovery }: Take) {
    const owner = expectedOwner === undefined ? "owner IS NULL" : "owner = ?";
    const sql = `UPDATE af_runs SET epoch = epoch + 1, owner = ?, recoveries = recoveries + ?
      WHERE ${ofRun} AND epoch = ? AND ${owner}`;
    const expected = expectedOwner === undefined ? [] : [expectedOwner];
    return this.#store.database.transaction(async (session) => {
      const change = [ownerId, recovery, runKey(tenant, runId), expectedEpoch, ...expected] as const;
      // Until the end of the transaction nobody else changes this head.
      return (await session.change(sql, ...change)) === 1 ? readHead(session, tenant, runId) : undefined;
    });
  }

  #change(sql: string, ...values: readonly (string | number)[]): Promise<number> {
    return this.#store.database.repeatable((session) => session.change(sql, ...values));
  }
}

const insertSql =
  "INSERT INTO af_owners (owner_id, host, pid, process_start, counter) VALUES (?, ?, ?, ?, ?)";
const readSql = "SELECT owner_id, host, pid, process_start, counter FROM af_owners WHERE owner_id = ?";
const releaseSql = `UPDATE af_runs SET owner = NULL WHERE ${ofRun} AND owner = ? AND epoch = ?`;
