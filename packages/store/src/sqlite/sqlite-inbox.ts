import type { InboxRow, InboxStore } from "@agentflow/core";
import { checkWellFormed } from "../rows/identifiers.ts";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Inboxes on SQLite (S13, S21). */
export class SqliteInbox implements InboxStore {
  readonly #access: SqliteAccess;

  constructor(access: SqliteAccess) {
    this.#access = access;
  }

  async put(request: Parameters<InboxStore["put"]>[0]): ReturnType<InboxStore["put"]> {
    checkWellFormed("The key of an inbox row", request.row.key);
    checkWellFormed("The sender of an inbox row", request.row.by);
    return this.#access.writer.call(request.durability, "putInbox", request);
  }

  async refuse(request: Parameters<InboxStore["refuse"]>[0]): Promise<void> {
    await this.#access.writer.call(request.durability, "refuseInbox", request);
  }

  async newest(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#access.read(({ inbox }) => inbox.newest(tenant, runIds));
  }

  async read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]> {
    return this.#access.read(({ inbox }) => inbox.read(tenant, runId, afterId));
  }
}
