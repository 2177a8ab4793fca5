import type { InboxRow, InboxStore } from "@agentflow/core";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Inboxes on SQLite (S13, S21). */
export class SqliteInbox implements InboxStore {
  readonly #access: SqliteAccess;

  constructor(access: SqliteAccess) {
    this.#access = access;
  }

  async put(request: Parameters<InboxStore["put"]>[0]): ReturnType<InboxStore["put"]> {
    return this.#access.writer.call("putInbox", request);
  }

  async read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]> {
    return this.#access.read(({ inbox }) => inbox.read(tenant, runId, afterId));
  }
}
