import type { OwnerRow, OwnershipStore, RunHead } from "@agentflow/core";
import { headFrom } from "../rows/head-values.ts";
import { checkIdentifier, runKey } from "../rows/identifiers.ts";
import { ownerColumns, ownerFrom } from "../rows/owner-values.ts";
import { ofRun, readHead } from "./run-reader.ts";
import type { ServerStore } from "./server-store.ts";
import { orphansQuery } from "./wait-queries.ts";

type Take = Parameters<OwnershipStore["takeRun"]>[0];

/** Owners and epochs on a database server (S20). */
export class ServerOwners implements OwnershipStore {
  readonly #store: ServerStore;

  constructor(store: ServerStore) {
    this.#store = store;
  }

  async registerOwner({ ownerId, host, pid, processStart, counter }: OwnerRow): Promise<void> {
    checkIdentifier("ownerId", ownerId);
    await this.#store.database.repeatableTransaction(async (session) => {
      await session.change("DELETE FROM af_owners WHERE owner_id = ?", ownerId);
      await session.change(insertSql, ownerId, host, pid, processStart, counter);
    });
  }

  async beat(ownerId: string): Promise<boolean> {
    const sql = "UPDATE af_owners SET counter = counter + 1 WHERE owner_id = ?";
    return (await this.#change(sql, ownerId)) === 1;
  }

  async readOwner(ownerId: string): Promise<OwnerRow | undefined> {
    const [values] = await this.#store.database.repeatable((session) =>
      session.rows(`${selectSql} WHERE owner_id = ?`, ownerId),
    );
    return values && ownerFrom(values);
  }

  async listOwners(): Promise<readonly OwnerRow[]> {
    return (await this.#store.database.repeatable((session) => session.rows(selectSql))).map(ownerFrom);
  }

  async removeOwner(ownerId: string): Promise<void> {
    await this.#change("DELETE FROM af_owners WHERE owner_id = ?", ownerId);
  }

  async takeRun(request: Take): Promise<RunHead | undefined> {
    const { tenant, runId, expectedEpoch, expectedOwner, ownerId, recovery } = request;
    const owner = expectedOwner === undefined ? "owner IS NULL" : "owner = ?";
    const sql = `UPDATE af_runs SET epoch = epoch + 1, owner = ?, recoveries = recoveries + ?
      WHERE ${ofRun} AND epoch = ? AND ${owner}`;
    const expected = expectedOwner === undefined ? [] : [expectedOwner];
    const change = [ownerId, recovery, runKey(tenant, runId), expectedEpoch, ...expected] as const;
    let tries = 0;
    return this.#store.database.repeatableTransaction(async (session) => {
      tries += 1;
      // Until the end of the transaction nobody else changes a head that was taken.
      if ((await session.change(sql, ...change)) === 1) return readHead(session, tenant, runId);
      if (tries === 1) return undefined;
      // The server may have taken the run for us before the connection broke; an owner id belongs to one process.
      const head = await readHead(session, tenant, runId);
      return head?.epoch === expectedEpoch + 1 && head.owner === ownerId ? head : undefined;
    });
  }

  async listOrphans(request: Parameters<OwnershipStore["listOrphans"]>[0]): Promise<readonly RunHead[]> {
    if (request.workflows.length === 0) return [];
    const { sql, values } = orphansQuery(request);
    return (await this.#store.database.search((session) => session.rows(sql, ...values))).map(headFrom);
  }

  async releaseRun(request: Parameters<OwnershipStore["releaseRun"]>[0]): Promise<boolean> {
    const { tenant, runId, ownerId, epoch } = request;
    return (await this.#change(releaseSql, runKey(tenant, runId), ownerId, epoch)) === 1;
  }

  #change(sql: string, ...values: readonly (string | number)[]): Promise<number> {
    return this.#store.database.repeatable((session) => session.change(sql, ...values));
  }
}

const insertSql =
  "INSERT INTO af_owners (owner_id, host, pid, process_start, counter) VALUES (?, ?, ?, ?, ?)";
const selectSql = `SELECT ${ownerColumns} FROM af_owners`;
const releaseSql = `UPDATE af_runs SET owner = NULL WHERE ${ofRun} AND owner = ? AND epoch = ?`;
