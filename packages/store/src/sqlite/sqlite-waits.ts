import type { InterruptQuery, OpenInterrupt, RestedRun, WaitStore } from "@agentflow/core";
import type { SqliteAccess } from "./sqlite-access.ts";

/** What runs wait for, on SQLite (S13). */
export class SqliteWaits implements WaitStore {
  readonly #access: SqliteAccess;

  constructor(access: SqliteAccess) {
    this.#access = access;
  }

  async listDue(request: Parameters<WaitStore["listDue"]>[0]): ReturnType<WaitStore["listDue"]> {
    return this.#access.read(({ waits }) => waits.listDue(request));
  }

  async takeRested(request: Parameters<WaitStore["takeRested"]>[0]): Promise<readonly RestedRun[]> {
    return this.#access.writer.call(undefined, "takeRested", request);
  }

  async listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]> {
    return this.#access.read(({ waits }) => waits.listInterrupts(query));
  }
}
